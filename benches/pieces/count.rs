//! Runs one benchmark a number of times under an instruction counter: `count` lists the benchmarks, `count
//! NAME TIMES` runs one.

mod all;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => all::all().iter().for_each(|(name, _)| println!("{name}")),
        [name, times] => {
            let times: usize = times.parse().expect("TIMES must be a number");
            let (_, mut work) = all::all().into_iter().find(|(known, _)| known == name).expect("unknown benchmark");
            (0..times).for_each(|_| work());
        }
        _ => panic!("count [NAME TIMES]"),
    }
}
