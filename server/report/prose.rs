//! Markdown for a terminal: wrapped, with colours, and with links that a click opens where the terminal can.

use anstyle::{AnsiColor, Style};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

/// Renders Markdown for a terminal of `width` columns, with ANSI colours. With `clickable`, links are hyperlinks of the
/// terminal (OSC 8); without, their addresses are written out.
pub fn render(markdown: &str, width: usize, clickable: bool) -> String {
    let mut page = Page { width: width.max(20), clickable, ..Page::default() };
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        page.take(event);
    }
    page.out
}

#[derive(Default)]
struct Page {
    out: String,
    width: usize,
    clickable: bool,
    /// The words of the block that is being read, each with the styles that it is written in.
    words: Vec<Word>,
    /// Whether the next piece of text continues the last word.
    glued: bool,
    style: Style,
    link: Option<String>,
    in_code: bool,
    /// How often lists are nested, and whether an item has just begun.
    depth: usize,
    item_begins: bool,
    table: Vec<Vec<Vec<Word>>>,
}

/// Letters without a space among them.
#[derive(Clone, Default)]
struct Word {
    text: String,
    width: usize,
}

const CODE: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));
const LINK: Style = Style::new().underline().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Blue)));
const HEADING: Style = Style::new().bold();

impl Page {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_code => {
                for line in text.lines() {
                    self.out.push_str(&format!("    {CODE}{line}{CODE:#}\n"));
                }
            }
            Event::Text(text) => self.text(&text, self.style),
            Event::Code(text) => self.text(&text, CODE),
            Event::SoftBreak | Event::HardBreak => self.glued = false,
            Event::InlineHtml(text) | Event::Html(text) => self.text(&text, self.style),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.gap();
                self.style = if level == HeadingLevel::H1 { HEADING.underline() } else { HEADING };
            }
            Tag::Paragraph if self.depth == 0 => self.gap(),
            Tag::CodeBlock(_) => {
                self.gap();
                self.in_code = true;
            }
            Tag::List(_) => {
                self.flush();
                if self.depth == 0 {
                    self.gap();
                }
                self.depth += 1;
            }
            Tag::Item => self.item_begins = true,
            Tag::Table(_) => self.gap(),
            Tag::TableHead | Tag::TableRow => self.table.push(Vec::new()),
            Tag::Strong => self.style = self.style.bold(),
            Tag::Emphasis => self.style = self.style.italic(),
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.into_string()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item => {
                self.flush();
                self.style = Style::new();
            }
            TagEnd::Strong | TagEnd::Emphasis => self.style = Style::new(),
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::List(_) => self.depth = self.depth.saturating_sub(1),
            TagEnd::Link => {
                if let Some(url) = self.link.take().filter(|_| !self.clickable) {
                    self.glued = false;
                    self.text(&url, LINK);
                }
            }
            TagEnd::TableCell => {
                self.glued = false;
                let cell = std::mem::take(&mut self.words);
                self.table.last_mut().into_iter().for_each(|row| row.push(cell.clone()));
            }
            TagEnd::Table => self.write_table(),
            _ => {}
        }
    }

    /// An empty line between blocks.
    fn gap(&mut self) {
        self.flush();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn text(&mut self, text: &str, style: Style) {
        let style = if self.link.is_some() { LINK } else { style };
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            if !part.is_empty() {
                self.part(part, style);
            }
            let next = after.trim_start();
            if next.len() < after.len() {
                self.glued = false;
            }
            rest = next;
        }
    }

    /// Adds letters to the last word, or begins one.
    fn part(&mut self, part: &str, style: Style) {
        // What a terminal would obey is not for a text to say.
        let part: String = part.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        let mut written = format!("{style}{part}{style:#}");
        if let Some(url) = self.link.as_ref().filter(|_| self.clickable) {
            written = format!("\x1b]8;;{url}\x1b\\{written}\x1b]8;;\x1b\\");
        }
        match self.words.last_mut().filter(|_| self.glued) {
            Some(word) => {
                word.text.push_str(&written);
                word.width += part.width();
            }
            None => self.words.push(Word { text: written, width: part.width() }),
        }
        self.glued = true;
    }

    /// Writes the words that were read, wrapped.
    fn flush(&mut self) {
        self.glued = false;
        let words = std::mem::take(&mut self.words);
        if words.is_empty() {
            return;
        }
        let indent = self.depth * 2;
        let bullet = self.item_begins && self.depth > 0;
        self.item_begins = false;
        self.out.push_str(&" ".repeat(if bullet { indent - 2 } else { indent }));
        self.out.push_str(if bullet { "- " } else { "" });
        let mut column = indent;
        for (at, word) in words.iter().enumerate() {
            if at > 0 && column + 1 + word.width > self.width {
                self.out.push('\n');
                self.out.push_str(&" ".repeat(indent));
                column = indent;
            } else if at > 0 {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(&word.text);
            column += word.width;
        }
        self.out.push('\n');
    }

    /// Writes a table whose columns are as wide as their widest cell; the first row is the heading.
    fn write_table(&mut self) {
        let rows = std::mem::take(&mut self.table);
        let wide = |cell: &Vec<Word>| cell.iter().map(|word| word.width + 1).sum::<usize>().saturating_sub(1);
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(wide).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (at, row) in rows.iter().enumerate() {
            let mut line = String::from("  ");
            for (cell, width) in row.iter().zip(&widths) {
                let text: Vec<&str> = cell.iter().map(|word| word.text.as_str()).collect();
                let text =
                    if at == 0 { format!("{HEADING}{}{HEADING:#}", text.join(" ")) } else { text.join(" ") };
                line.push_str(&text);
                line.push_str(&" ".repeat(width - wide(cell) + 2));
            }
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A `b`\n\nOne **two** three (`four`), [five six](https://example.com/a#b).\n\n\
                        ```python\nx = 1\n```\n\n- first item that is long\n- second\n\n| | uWSGI |\n| --- | --- |\n| it ends | 502 |\n";

    #[test]
    fn markdown_is_wrapped_and_keeps_its_parts() {
        let plain = anstream::adapter::strip_str(&render(TEXT, 24, false)).to_string();
        insta::assert_snapshot!(plain, @"
        A b

        One two three (four),
        five six
        https://example.com/a#b.

            x = 1

        - first item that is
          long
        - second

                   uWSGI
          it ends  502
        ");
    }

    #[test]
    fn links_are_written_for_the_terminal_where_it_can() {
        let text = render("[five six](https://example.com/a#b)", 80, true);
        assert!(text.contains("\x1b]8;;https://example.com/a#b\x1b\\"), "{text:?}");
        assert_eq!(text.matches("\x1b]8;;\x1b\\").count(), 2, "{text:?}");
        assert!(!anstream::adapter::strip_str(&text).to_string().contains("example.com"));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert!(!render("a\u{7}b `c\u{9b}d`", 80, false).contains(['\u{7}', '\u{9b}']));
    }
}
