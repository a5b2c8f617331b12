package dev.cdp.cli;

import java.io.IOException;
import java.io.Writer;

/**
 * What every command prints goes through here, for what is printed may come from files, records and servers. Control
 * characters and marks of writing direction come out as {@code \}{@code u} and four digits, so that none moves a cursor or
 * hides what it says; a line does not begin with {@code ::}, and holds no {@code ##[} and {@code ##vso[}, by which build
 * servers take commands from output. One thread at a time.
 */
final class TerminalWriter extends Writer {

    private final Writer out;
    private final StringBuilder line = new StringBuilder();
    /** Whether a part of the line is written that was more than spaces. */
    private boolean begun;

    TerminalWriter(Writer out) {
        this.out = out;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            char c = text[i];
            if (c == '\n') {
                end();
                out.write('\n');
                begun = false;
            } else {
                line.append(c);
            }
        }
    }

    /** Writes what there is of the line. */
    private void end() throws IOException {
        if (line.isEmpty()) {
            return;
        }
        String plain = plain(line).replace("##[", "#\\#[").replace("##vso[", "#\\#vso[");
        line.setLength(0);
        int start = 0;
        while (start < plain.length() && Character.isWhitespace(plain.charAt(start))) {
            start++;
        }
        boolean command = !begun && plain.startsWith("::", start);
        begun |= start < plain.length();
        out.write(command ? plain.substring(0, start) + '\\' + plain.substring(start) : plain);
    }

    private static String plain(CharSequence text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = Character.isISOControl(c) && c != '\t';
            boolean direction = c == '\u061c'
                    || c == '\u200e'
                    || c == '\u200f'
                    || (c >= '\u2028' && c <= '\u202e')
                    || (c >= '\u2066' && c <= '\u2069');
            if (control || direction) {
                plain.append("\\u%04x".formatted((int) c));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    @Override
    public void flush() throws IOException {
        end();
        out.flush();
    }

    /** Leaves what it writes to open. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
