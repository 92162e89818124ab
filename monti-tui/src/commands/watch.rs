//! The wallboard on a terminal.

use std::{env, process::ExitCode, sync::Arc, time::Duration};

use color_eyre::eyre::WrapErr as _;
use jiff::tz::TimeZone;
use monti_core::wire::{Mode, Subscribe};
use monti_tui::{
    App, Message, Setup,
    config::{ColourChoice, CommandLine, Config},
    kiosk,
    link::Link,
    record::{Recorder, Recording, tap},
    remote::Remote,
    rest::Rest,
    scrub::Names,
    shell::{Alarm, World},
    terminal::{self, Signals, Terminal},
    theme::{ColourDepth, Theme, ask_terminal},
};
use ratatui::layout::Size;
use tokio::{runtime, select, sync::mpsc};

/// Messages that wait to be taken in: a second of a hundred departments. A full channel slows the
/// link down, and so the server, which then tells the newest state only.
const MESSAGES_MAX: usize = 512;

pub(super) fn run(command_line: &CommandLine, config: &Config) -> color_eyre::Result<ExitCode> {
    let source = Source::open(command_line, config)?;
    let setup = setup(config, command_line.replay.is_some());
    terminal::end_on_panic();
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(watch(source, setup, config))?;
    // The thread that reads keys, and questions on their way, end with the process.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}

/// Where what is shown comes from.
enum Source {
    Server { remote: Arc<Remote>, recorder: Option<Recorder> },
    Recording(Recording),
}

impl Source {
    /// What can be wrong with it is said before the terminal is taken over.
    fn open(command_line: &CommandLine, config: &Config) -> color_eyre::Result<Self> {
        if let Some(path) = &command_line.replay {
            return Ok(Self::Recording(Recording::open(path)?));
        }
        let recorder = command_line.record.as_ref().map(|path| {
            Recorder::create(path).wrap_err_with(|| format!("--record {}", path.display()))
        });
        let remote = super::remote(config)?;
        Ok(Self::Server { remote, recorder: recorder.transpose()? })
    }

    /// Starts telling. Answers whom to ask.
    fn start(self, messages: &mpsc::Sender<Message>, resyncs: mpsc::Receiver<()>) -> Option<Rest> {
        let messages = messages.clone();
        match self {
            Self::Recording(recording) => {
                tokio::spawn(recording.play(messages));
                None
            }
            Self::Server { remote, recorder } => {
                let rest = Rest::new(Arc::clone(&remote));
                let messages = match recorder {
                    Some(recorder) => tap(recorder, messages, MESSAGES_MAX),
                    None => messages,
                };
                let subscribe = Subscribe {
                    request_id: None,
                    departments: None,
                    mode: Mode::Delta,
                    agents: true,
                };
                let link = Link { remote, subscribe, resyncs, messages };
                tokio::spawn(link.run(rand::random::<f64>));
                Some(rest)
            }
        }
    }
}

fn setup(config: &Config, recording: bool) -> Setup {
    let depth = match config.colour.value {
        ColourChoice::Auto => ColourDepth::of_environment(|name| env::var(name).ok()),
        ColourChoice::Depth(depth) => depth,
    };
    let theme = config.theme.value;
    // Whatever is chosen: what a theme is drawn on is not what it is made for, and a key turns it.
    let background = match depth {
        ColourDepth::None => None,
        _ => ask_terminal(),
    };
    let symbols = config.symbols.value.into();
    Setup {
        names: if config.privacy.value { Names::Initials } else { Names::Whole },
        read_only: config.read_only.value,
        recording,
        sort: config.sort.value,
        filter: config.filter.value.clone(),
        kiosk: kiosk::Settings {
            start: config.kiosk.value,
            figures: config.figures.value.clone(),
            targets: config.targets.value,
            rotate: config.rotate.value.map(|it| Duration::from_millis(it.get())),
        },
        keymap: config.keymap(),
        themes: Theme::all(theme.name(background), background, depth, symbols),
        seed: rand::random(),
    }
}

async fn watch(source: Source, setup: Setup, config: &Config) -> color_eyre::Result<()> {
    let signals = Signals::listen()?;
    let (messages, mut inbox) = mpsc::channel(MESSAGES_MAX);
    // One that waits is enough.
    let (resyncs, asked) = mpsc::channel(1);
    let rest = source.start(&messages, asked);
    let terminal = Terminal::take(config.mouse.value).wrap_err("the terminal cannot be used")?;
    let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
    let mut app = App::new(setup, Size::new(columns, rows));
    terminal::read_keys(messages.clone()).wrap_err("keys cannot be read")?;
    let alarm = Alarm {
        bell: config.bell.value,
        desktop: config.desktop.value,
        quiet: config.quiet.value,
        zone: TimeZone::system(),
    };
    let again = messages.clone();
    let mut world = World { terminal, resyncs, rest, messages, alarm, now: None };
    select! {
        done = monti_tui::run(&mut app, &mut inbox, &mut world) => done?,
        told = signals.told_to_end(|| terminal::wake(&again)) => told?,
    }
    Ok(())
}
