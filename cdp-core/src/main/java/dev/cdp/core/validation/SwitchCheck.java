package dev.cdp.core.validation;

/** The check that goes by a value's type, told by its first byte. */
final class SwitchCheck extends Check {

    private final Check string;
    private final Check number;
    private final Check literal;
    private final Check object;
    private final Check array;

    SwitchCheck(Check string, Check number, Check literal, Check object, Check array) {
        this.string = string;
        this.number = number;
        this.literal = literal;
        this.object = object;
        this.array = array;
    }

    /** What it says of strings. */
    Check string() {
        return string;
    }

    @Override
    int scan(Scan scan, byte[] b, int p) {
        return switch (b[p]) {
            case '"' -> string.scan(scan, b, p);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number.scan(scan, b, p);
            case 't', 'f', 'n' -> literal.scan(scan, b, p);
            case '{' -> object.scan(scan, b, p);
            case '[' -> array.scan(scan, b, p);
            default -> UNSURE;
        };
    }
}
