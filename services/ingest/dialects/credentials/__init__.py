"""What the credential dialects share: Open Badges 3.0, CLR 2.0 and Open Badges 2.0, read by form.

Form is all that is judged here: members, types, texts. Whether a signature holds, a key is the issuer's or a status
list says otherwise is for verification, which reads the same bytes later.
"""
