//! `gui-call`: code that a host runs wants a screen.

use super::causes::{prefer_first, shown};
use super::handlers::InRequest;
use super::{Context, Guidance, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::Failure;
use crate::load::{Certainty, EffectKind, Phase, RaiseCause, Window};

/// The rule.
pub static RULE: Rule = Rule {
    id: "gui-call",
    summary: "a window or a browser is opened, and hosts have no screen",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
A host has no screen, no mouse and nobody who sits before it. `tkinter.Tk()` raises `TclError: no display name`, functions of PyAutoGUI raise `KeyError: 'DISPLAY'`, \
and `cv2.imshow` makes OpenCV end the process. `plt.show()` and `webbrowser.open()` quietly do nothing.

Send to the visitor what is to be seen: save a figure with `savefig` and answer with it, redirect the visitor's own browser.",
        bad: "\
# flask_app.py
import tkinter
from flask import Flask

app = Flask(__name__)


@app.route(\"/hello\")
def hello():
    window = tkinter.Tk()
    window.title(\"Hello\")
    return \"hello\"",
        good: "\
# flask_app.py
from flask import Flask

app = Flask(__name__)


@app.route(\"/hello\")
def hello():
    return \"<title>Hello</title><p>hello\"",
        when_wrong: "When the host has a virtual display such as Xvfb, and `DISPLAY` is set, silence it.",
        pages: &[pages::PA_DEBUGGING_IMPORT_ERRORS],
    },
    check,
};

fn check(context: &Context<'_>, report: &mut Reporter) {
    for effect in context.effects().filter(|effect| effect.phase != Phase::Request) {
        let (severity, failure, message) = match &effect.kind {
            EffectKind::Raises(raise) => {
                let RaiseCause::NoDisplay(what) = &raise.cause else { continue };
                let error = shown(&raise.message);
                let outcome = context.cannot_load(effect);
                (
                    Severity::Error,
                    Failure::Raises,
                    format!("`{}: {error}`: a host has no screen for {what}, {outcome}", raise.exception),
                )
            }
            EffectKind::OpensWindow(window) if window.ends => {
                let outcome = context.visitor_sees(Failure::Exits).phrase();
                let message = format!(
                    "`{}` ends the process, because a host has no screen for {}: visitors get {outcome}",
                    window.call, window.what
                );
                (Severity::Warning, Failure::Exits, message)
            }
            _ => continue,
        };
        let mut finding = context.finding(&RULE, effect, failure, message);
        finding.severity = finding.severity.min(severity);
        finding.fixes = context.guard_fix(effect).into_iter().chain(context.remove_fix(effect)).collect();
        prefer_first(&mut finding.fixes);
        report.findings.push(finding);
    }
    let wanted = |kind: &EffectKind| match kind {
        EffectKind::OpensWindow(_) => true,
        EffectKind::Raises(raise) => matches!(raise.cause, RaiseCause::NoDisplay(_)),
        _ => false,
    };
    for what in context.in_requests(wanted) {
        in_request(context, &what, report);
    }
}

fn in_request(context: &Context<'_>, what: &InRequest<'_>, report: &mut Reporter) {
    let certain = what.effect.certainty == Certainty::Certain;
    let loud = if certain { Severity::Error } else { Severity::Warning };
    // Many programs show their pictures only when a setting asks for it, and then a site does not.
    let is_expected = what.effect.certainty >= Certainty::Likely;
    let subject = what.subject();
    let (severity, failure, message) = match &what.effect.kind {
        EffectKind::Raises(raise) if what.effect.certainty >= Certainty::Likely => {
            let failure = Failure::RaisesInRequest;
            let gets = context.visitor_sees(failure).phrase();
            let message = format!(
                "`{}: {}`: a host has no screen, {subject} fails, the visitor gets {gets}",
                raise.exception, raise.message
            );
            (loud, Some(failure), message)
        }
        EffectKind::OpensWindow(Window { call, what, ends: true }) => {
            let failure = Failure::KillsWorker;
            let gets = context.visitor_sees(failure).phrase();
            // A build of OpenCV without windows raises instead.
            let message = format!(
                "`{call}` wants {what}, and a host has no screen: the process that serves {subject} ends, the visitor gets {gets}"
            );
            match is_expected {
                true => (Severity::Warning, Some(failure), message),
                false => (Severity::Information, None, message),
            }
        }
        EffectKind::OpensWindow(Window { call, what, ends: false }) => {
            let message = format!(
                "`{call}` wants {what}, and a host has no screen: nobody sees what {subject} shows there"
            );
            (Severity::Information, None, message)
        }
        _ => return,
    };
    let mut finding = context.request_finding(&RULE, what, severity, failure, message);
    finding.fixes = context.remove_fix(what.effect).into_iter().collect();
    prefer_first(&mut finding.fixes);
    report.findings.push(finding);
}
