//! The engine proven from outside: examples that read as sentences, properties over random lives,
//! and a naive model that has to agree with it in everything.

mod centres;
mod desk;
mod dice;
mod harness;
mod model;
mod scenario;
mod witness;

mod across_midnight;
mod agents;
mod always;
mod days;
mod earlier;
mod faults;
mod figures;
mod memory;
mod properties;
mod routing;
mod rows;
