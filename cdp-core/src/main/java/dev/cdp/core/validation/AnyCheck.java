package dev.cdp.core.validation;

import java.util.List;

/** The check that every well-formed value without duplicate keys passes. */
final class AnyCheck extends Check {

    static final Check INSTANCE = new AnyCheck();

    static final OtherProperties PROPERTIES = new OtherProperties(List.of(), INSTANCE);

    static final Check OBJECT = new ObjectCheck(
            new PropertyTable(List.of(), List.of()),
            0,
            0,
            Integer.MAX_VALUE,
            PROPERTIES,
            null,
            List.of(),
            ObjectCheck.Strays.OF_NO_INTEREST);

    static final Check ARRAY = new ArrayCheck(List.of(), INSTANCE, 0, Integer.MAX_VALUE, null, ArrayCheck.Items.ANY);

    static final Check LITERAL = new LiteralCheck(true, true, true);

    private AnyCheck() {}

    @Override
    int scan(Scan scan, byte[] b, int p) {
        return switch (b[p]) {
            case '"' -> StringCheck.ANY.scan(scan, b, p);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> NumberCheck.ANY.scan(scan, b, p);
            case '{' -> OBJECT.scan(scan, b, p);
            case '[' -> ARRAY.scan(scan, b, p);
            case 't', 'f', 'n' -> LITERAL.scan(scan, b, p);
            default -> UNSURE;
        };
    }
}
