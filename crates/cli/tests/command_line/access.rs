//! Who is let in, and where the server may listen, as transcripts.

use crate::harbour;

#[test]
fn who_cannot_be_invited() {
    let bench = harbour::with_ledger("invite");
    insta::assert_snapshot!(bench.transcript(
        "invite a-limo
        invite a-lima
        invite a-lima --role boss
        invite a-lima --role steward --at nowhere
        invite a-lima --at ewr
        serve --public-url http://throughline.example.org
        serve --listen 0.0.0.0:8080
        serve --mail-server smtps://ada:secret@mail.example.org --mail-from t@example.org
        serve --mail-server smtps://ada@mail.example.org --mail-from t@example.org
        serve --mail-server smtps://mail.example.org --mail-from nobody"
    ));
}
