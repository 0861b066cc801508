SELECT flags
FROM
(
    SELECT
        toUInt32(bitShiftRight(place, 6)) AS word,
        groupBitOr(bitShiftLeft(toUInt64(1), bitAnd(place, 63))) AS flags
    FROM
    (
        SELECT
            reinterpretAsUInt64(reverse(substring(UUIDToNum(statement_id), 1, 8))) AS high,
            reinterpretAsUInt64(reverse(substring(UUIDToNum(statement_id), 9, 8))) AS low,
            arrayJoin(
                [
                    bitShiftRight(high * toUInt64($first), $shift),
                    bitShiftRight(low * toUInt64($second), $shift),
                    bitShiftRight(bitXor(high, low) * toUInt64($third), $shift)
                ]
            ) AS place
        FROM xapi_statement_ids
    )
    GROUP BY word
    ORDER BY word WITH FILL FROM toUInt32(0) TO toUInt32($words)
)
