//! One peer as a process: `peer NAME` does what it is told on standard input, `peer --list` says
//! which there are. The protocol is told in `serve.rs`, the signature of a peer in `peers/mod.rs`.

mod peers;
mod pixels;
mod serve;

fn main() {
    let name = std::env::args().nth(1).expect("usage: peer NAME | peer --list");
    if name == "--list" {
        for peer in peers::all() {
            println!("{}\t{}", peer.name(), peer.crates().join(","));
        }
        return;
    }
    let mut all = peers::all();
    let at = all.iter().position(|peer| peer.name() == name).expect("no such peer");
    serve::serve(&mut *all.swap_remove(at));
}
