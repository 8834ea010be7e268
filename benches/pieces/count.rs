//! Does one piece so many times, for a counter of instructions to watch:
//! `count` lists the pieces, `count NAME TIMES` does one.

mod all;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => all::all().iter().for_each(|(name, _)| println!("{name}")),
        [name, times] => {
            let times: usize = times.parse().expect("TIMES is a number");
            let (_, mut work) = all::all().into_iter().find(|(known, _)| known == name).expect("a piece has this name");
            (0..times).for_each(|_| work());
        }
        _ => panic!("count [NAME TIMES]"),
    }
}
