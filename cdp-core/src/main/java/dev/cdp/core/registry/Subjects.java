package dev.cdp.core.registry;

/** The rule for a subject's name: it becomes a segment of a URL's path, or a folder. */
final class Subjects {

    private static final int MAX_LENGTH = 255;

    private Subjects() {}

    static void check(String subject) {
        boolean dots = subject.equals(".") || subject.equals("..");
        boolean control = subject.chars().anyMatch(c -> c < ' ' || c == 0x7f);
        if (subject.isEmpty() || subject.length() > MAX_LENGTH || dots || control) {
            throw new IllegalArgumentException("subject: expected 1 to " + MAX_LENGTH
                    + " printable characters, neither '.' nor '..', found " + subject.length() + " characters"
                    + (dots ? ", only dots" : "") + (control ? ", control characters among them" : ""));
        }
    }
}
