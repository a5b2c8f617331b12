package dev.cdp.core.validation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.Formats;

/** A format whose plain cases the fast tier's recogniser accepts; all others are left to networknt's own. */
record QuickFormat(TextCheck plain, Format other) implements Format {

    /** Those that take networknt longer than finding a plain case. */
    static final List<Format> ALL = Formats.DEFAULT.stream()
            .filter(format -> Set.of("date-time", "date", "time", "uuid", "email", "ipv4", "uri")
                    .contains(format.getName()))
            .map(format -> format.getName().equals("email") ? new EmailFormat() : format)
            .<Format>map(QuickFormat::of)
            .toList();

    private static QuickFormat of(Format other) {
        return new QuickFormat(FormatCheck.of(other.getName()).orElseThrow(), other);
    }

    @Override
    public String getName() {
        return other.getName();
    }

    @Override
    public String getMessageKey() {
        return other.getMessageKey();
    }

    @Override
    public boolean matches(ExecutionContext context, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(utf8, utf8.length + Long.BYTES);
        return plain.test(padded, 0, utf8.length) == TextCheck.VALID || other.matches(context, value);
    }
}
