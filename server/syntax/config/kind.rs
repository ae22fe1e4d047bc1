//! Which configuration file is which, by its name and, where names do not tell, by its text.

use std::ffi::OsStr;
use std::path::Path;

/// The kinds of configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConfigKind {
    /// uWSGI, `[uwsgi]` in an ini file.
    UwsgiIni,
    /// uWSGI, `uwsgi:` in a YAML file.
    UwsgiYaml,
    /// uWSGI, `<uwsgi>` in an XML file.
    UwsgiXml,
    /// gunicorn's `gunicorn.conf.py`; its facts are those of a Python file.
    Gunicorn,
    /// nginx.
    Nginx,
    /// Apache with mod_wsgi.
    Apache,
    /// A `Procfile`.
    Procfile,
    /// A unit of systemd.
    Systemd,
    /// Programs of supervisor.
    Supervisor,
    /// A Dockerfile.
    Dockerfile,
    /// A compose file.
    Compose,
    /// App Engine's `app.yaml`.
    AppEngine,
    /// Render's `render.yaml`.
    Render,
    /// Fly's `fly.toml`.
    Fly,
    /// Elastic Beanstalk's `.ebextensions/*.config`.
    Beanstalk,
    /// Zappa's `zappa_settings.json`.
    Zappa,
    /// A shell script.
    Script,
}

impl ConfigKind {
    /// The files that [`Self::may_be`] accepts, as patterns of the language server protocol; Python files are left out.
    pub const PATTERNS: &[&str] = &[
        "**/{Procfile,Procfile.*}",
        "**/{Dockerfile,Containerfile,Dockerfile.*,*.dockerfile}",
        "**/*.{ini,service,conf,sh}",
        "**/{docker-compose,compose}*.{yml,yaml}",
        "**/{app,render}.{yml,yaml}",
        "**/*uwsgi*.{yml,yaml,xml}",
        "**/fly*.toml",
        "**/zappa_settings.{json,yml,yaml}",
        "**/.ebextensions/*.config",
    ];

    /// Whether a file of this name may be a configuration file. The text decides for some: [`Self::of`].
    pub fn may_be(name: &OsStr) -> bool {
        name.to_str().is_some_and(|name| by_name(name) != Name::Other)
    }

    /// Whether who reads such a file decodes it first, and gives up where it cannot.
    pub fn is_decoded(self) -> bool {
        matches!(
            self,
            Self::UwsgiXml
                | Self::Gunicorn
                | Self::Compose
                | Self::AppEngine
                | Self::Render
                | Self::Fly
                | Self::Beanstalk
                | Self::Zappa
        )
    }

    /// The kind of a file, by its path and text; `None` when it is no configuration file.
    pub fn of(path: &Path, text: &str) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        match by_name(name) {
            Name::Sure(kind) => Some(kind),
            Name::Ini => is_uwsgi_ini(text).then_some(Self::UwsgiIni),
            Name::Yaml => has_line(text, |line| line.trim_end() == "uwsgi:").then_some(Self::UwsgiYaml),
            Name::Xml => text.contains("<uwsgi").then_some(Self::UwsgiXml),
            Name::Conf if is_supervisor(text) => Some(Self::Supervisor),
            Name::Conf if is_apache(text) => Some(Self::Apache),
            Name::Conf if is_nginx(text) => Some(Self::Nginx),
            Name::Extension => path.parent()?.ends_with(".ebextensions").then_some(Self::Beanstalk),
            Name::AppYaml => {
                let is_it = |line: &str| line.starts_with("runtime:") || line.starts_with("entrypoint:");
                has_line(text, is_it).then_some(Self::AppEngine)
            }
            Name::Conf | Name::Other => None,
        }
    }
}

/// What a name tells.
#[derive(PartialEq, Eq)]
enum Name {
    Sure(ConfigKind),
    Ini,
    Yaml,
    Xml,
    Conf,
    Extension,
    AppYaml,
    Other,
}

fn by_name(name: &str) -> Name {
    use ConfigKind as K;
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_yaml = matches!(extension, "yaml" | "yml");
    match lower.as_str() {
        "gunicorn.conf.py" => Name::Sure(K::Gunicorn),
        "dockerfile" | "containerfile" => Name::Sure(K::Dockerfile),
        "app.yaml" | "app.yml" => Name::AppYaml,
        "render.yaml" | "render.yml" => Name::Sure(K::Render),
        "zappa_settings.json" | "zappa_settings.yml" | "zappa_settings.yaml" => Name::Sure(K::Zappa),
        _ if extension == "py" => {
            // The names that people give to `-c`.
            let stem = lower.trim_end_matches(".py").replace(['.', '-'], "_");
            let is_it = stem.contains("gunicorn")
                && (stem.contains("conf") || stem.contains("cfg") || stem.contains("settings"));
            if is_it { Name::Sure(K::Gunicorn) } else { Name::Other }
        }
        _ if name == "Procfile" || name.starts_with("Procfile.") => Name::Sure(K::Procfile),
        _ if lower.starts_with("dockerfile.") || lower.ends_with(".dockerfile") => Name::Sure(K::Dockerfile),
        _ if is_yaml && (lower.starts_with("docker-compose") || lower.starts_with("compose")) => {
            Name::Sure(K::Compose)
        }
        _ if lower.starts_with("fly.") && extension == "toml" => Name::Sure(K::Fly),
        _ if is_yaml && lower.contains("uwsgi") => Name::Yaml,
        _ if extension == "xml" && lower.contains("uwsgi") => Name::Xml,
        _ if extension == "ini" => Name::Ini,
        _ if extension == "service" => Name::Sure(K::Systemd),
        _ if extension == "conf" || lower.ends_with(".conf.template") => Name::Conf,
        _ if lower.contains("nginx") && extension.is_empty() => Name::Conf,
        _ if extension == "config" => Name::Extension,
        _ if extension == "sh" => Name::Sure(K::Script),
        _ => Name::Other,
    }
}

/// What only a build profile of uWSGI sets.
const PROFILE_KEYS: [&str; 5] =
    ["main_plugin", "embedded_plugins", "plugin_dir", "malloc_implementation", "inherit"];

/// Whether it has a section for the server. The profiles by which uWSGI itself is built have one as well, with other keys.
fn is_uwsgi_ini(text: &str) -> bool {
    let has_section = has_line(text, |line| begins(line.trim_start(), "[uwsgi"));
    let is_profile = |line: &str| {
        let key = line.split('=').next().unwrap_or(line).trim();
        PROFILE_KEYS.contains(&key)
    };
    has_section && (!PROFILE_KEYS.iter().any(|key| text.contains(key)) || !has_line(text, is_profile))
}

fn is_supervisor(text: &str) -> bool {
    let marks = ["[program:", "[supervisord]"];
    marks.iter().any(|mark| text.contains(mark))
        && has_line(text, |line| marks.iter().any(|mark| line.starts_with(mark)))
}

fn is_apache(text: &str) -> bool {
    has_line(text, |line| {
        let line = line.trim_start();
        ["wsgi", "<virtualhost", "loadmodule wsgi"].iter().any(|start| begins(line, start))
    })
}

fn is_nginx(text: &str) -> bool {
    has_line(text, |line| {
        let line = line.trim_start();
        line.starts_with("server {")
            || line.starts_with("server{")
            || line.starts_with("upstream ")
            || line.starts_with("proxy_pass ")
            || line.starts_with("uwsgi_pass ")
            || line.starts_with("location ") && line.contains('{')
    })
}

/// Whether a line begins so, in whatever case.
fn begins(line: &str, start: &str) -> bool {
    line.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// Whether any line is such a one. A long file is faster asked first whether it holds the word at all.
fn has_line(text: &str, is_it: impl Fn(&str) -> bool) -> bool {
    text.lines().any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_tell() {
        let kind = |name: &str, text: &str| ConfigKind::of(Path::new(name), text);
        assert_eq!(kind("deploy/app.ini", "[uwsgi]\nmodule = x\n"), Some(ConfigKind::UwsgiIni));
        assert_eq!(kind("setup.ini", "[metadata]\n"), None);
        assert_eq!(kind("buildconf/default.ini", "[uwsgi]\nmain_plugin = python\n"), None);
        assert_eq!(kind("gunicorn_config.py", ""), Some(ConfigKind::Gunicorn));
        assert_eq!(kind("a/site.conf", "<VirtualHost *:80>\n"), Some(ConfigKind::Apache));
        assert_eq!(kind("a/site.conf", "server {\n}\n"), Some(ConfigKind::Nginx));
        assert_eq!(kind("a/site.conf", "[program:web]\n"), Some(ConfigKind::Supervisor));
        assert_eq!(kind("a/site.conf", "key = value\n"), None);
        assert_eq!(kind(".ebextensions/python.config", ""), Some(ConfigKind::Beanstalk));
        assert_eq!(kind("web.config", ""), None);
        assert!(ConfigKind::may_be(OsStr::new("Procfile")) && !ConfigKind::may_be(OsStr::new("app.py")));
    }
}
