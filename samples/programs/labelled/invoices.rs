// GROUND TRUTH (control): invoices::intake::amount reads JSON straight into a struct that borrows: serde-text is true,
//   60-98 %. Nobody may say json-dom (there is no Value), nor to-owned.
mod intake {
    use serde::Deserialize;
    #[derive(Deserialize)]
    pub struct Invoice<'a> {
        pub number: &'a str,
        pub lines: Vec<Line<'a>>,
        pub paid: bool,
    }
    #[derive(Deserialize)]
    pub struct Line<'a> {
        pub text: &'a str,
        pub pieces: u32,
        pub cents: u64,
    }
    #[inline(never)]
    pub fn amount(document: &str) -> Option<u64> {
        let invoice: Invoice = serde_json::from_str(document).ok()?;
        if invoice.paid || invoice.number.is_empty() {
            return Some(0);
        }
        Some(invoice.lines.iter().map(|l| l.pieces as u64 * l.cents + l.text.len() as u64).sum())
    }
}
fn document(n: u64) -> String {
    let line = |k: u64| format!(r#"{{"text":"{} boards, cut to {} mm","pieces":{},"cents":{}}}"#, k + 2, n * 3, k % 7 + 1, n * 13);
    let lines: Vec<String> = (0..6 + n % 5).map(line).collect();
    format!(r#"{{"number":"R{n:06}","customer":"Timber & Sons","lines":[{}],"paid":{}}}"#, lines.join(","), n % 4 == 0)
}
fn main() {
    let documents: Vec<String> = (0..900).map(document).collect();
    let mut total = 0u64;
    for _ in 0..950 {
        total += documents.iter().filter_map(|d| intake::amount(d)).sum::<u64>();
    }
    println!("{total}");
}
