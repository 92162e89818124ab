//! The wallboard on a terminal.

use std::{env, process::ExitCode, sync::Arc, time::Duration};

use color_eyre::eyre::WrapErr as _;
use jiff::tz::TimeZone;
use monti_core::wire::{Mode, Subscribe};
use monti_tui::{
    App, Message, Setup,
    config::{ColourChoice, CommandLine, Config, ThemeChoice},
    kiosk,
    link::Link,
    record::{Recorder, Recording, tap},
    remote::Remote,
    rest::Rest,
    shell::{Alarm, World},
    terminal::{self, Signals, Terminal},
    theme::{Background, ColourDepth, Symbols, Theme},
};
use ratatui::layout::Size;
use tokio::{
    runtime, select,
    sync::{mpsc, oneshot},
    time,
};

/// Messages that wait to be taken in: a second of a hundred departments. A full channel slows the
/// link down, and so the server, which then tells the newest state only.
const MESSAGES_MAX: usize = 512;

pub(super) fn run(command_line: &CommandLine, config: &Config) -> color_eyre::Result<ExitCode> {
    let source = Source::open(command_line, config)?;
    terminal::end_on_panic();
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(watch(source, command_line.replay.is_some(), config))?;
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

/// What the wallboard is to look like.
#[derive(Clone, Copy)]
struct Look {
    theme: ThemeChoice,
    depth: ColourDepth,
    symbols: Symbols,
}

impl Look {
    fn of(config: &Config) -> Self {
        let depth = match config.colour.value {
            ColourChoice::Auto => ColourDepth::of_environment(|name| env::var(name).ok()),
            ColourChoice::Depth(depth) => depth,
        };
        Self { theme: config.theme.value, depth, symbols: config.symbols.value.into() }
    }

    /// Whether the terminal is to be asked for its background: whatever theme is chosen, for what a
    /// theme is drawn on is not what it is made for, and a key turns it. Without colours it does not
    /// matter.
    fn depends_on_background(self) -> bool {
        self.depth != ColourDepth::None
    }

    fn themes(self, background: Option<Background>) -> Vec<Theme> {
        Theme::all(self.theme.name(background), background, self.depth, self.symbols)
    }
}

fn setup(config: &Config, recording: bool, themes: Vec<Theme>) -> Setup {
    Setup {
        names: config.names(),
        read_only: config.read_only.value,
        recording,
        sort: config.sort.value,
        filter: config.filter.value.clone(),
        kiosk: kiosk::Settings {
            start: config.kiosk.value,
            figures: config.figures.value.clone(),
            targets: config.limits.targets(),
            rotate: config.rotate.value.map(|it| Duration::from_millis(it.get())),
        },
        keymap: config.keymap(),
        themes,
        seed: rand::random(),
    }
}

/// How long the first picture waits for the terminal to say what is behind it. Those that do say so
/// at once, unless they are far away: then it is drawn again.
const FIRST_PICTURE_WAITS: Duration = Duration::from_millis(50);

async fn watch(source: Source, recording: bool, config: &Config) -> color_eyre::Result<()> {
    let signals = Signals::listen()?;
    let (messages, mut inbox) = mpsc::channel(MESSAGES_MAX);
    // One that waits is enough.
    let (resyncs, asked) = mpsc::channel(1);
    let rest = source.start(&messages, asked);
    let terminal = Terminal::take(config.mouse.value).wrap_err("the terminal cannot be used")?;
    let look = Look::of(config);
    let (told, background) = oneshot::channel();
    let (mut first, late) = (Some(told), messages.clone());
    let on_background = move |background| {
        if let Some(first) = first.take() {
            let _ = first.send(background);
        }
        // Whether the first picture has waited for it or not.
        let _ = late.blocking_send(Message::Themes(look.themes(Some(background))));
    };
    terminal::read_keys(messages.clone(), on_background).wrap_err("keys cannot be read")?;
    let background = if look.depends_on_background() {
        terminal.ask_background().wrap_err("the terminal cannot be used")?;
        time::timeout(FIRST_PICTURE_WAITS, background).await.ok().and_then(Result::ok)
    } else {
        None
    };
    let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
    let setup = setup(config, recording, look.themes(background));
    let mut app = App::new(setup, Size::new(columns, rows));
    let alarm = Alarm {
        bell: config.bell.value,
        desktop: config.desktop.value,
        quiet: config.quiet.value,
        zone: TimeZone::system(),
    };
    let again = messages.clone();
    let mut world = World { terminal, resyncs, rest, messages, alarm };
    select! {
        done = monti_tui::run(&mut app, &mut inbox, &mut world) => done?,
        told = signals.told_to_end(|| terminal::wake(&again)) => told?,
    }
    Ok(())
}
