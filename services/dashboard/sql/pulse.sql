SELECT mark
FROM v_pulse
WHERE employer_id = {employer_id:String}
