package dev.cdp.core.validation;

import java.util.regex.Pattern;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.Formats;

/**
 * The format {@code email} by its grammar. networknt's own also asks whether the top level domain is on a list, which
 * is never new enough; what the plain form here does not cover, such as quoted local parts, is left to it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2">RFC 5321, section 4.1.2, Dot-string and
 *     Domain</a>
 */
final class EmailFormat implements Format {

    private static final int MAX_LENGTH = 254;
    private static final int MAX_LOCAL = 64;
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern PLAIN =
            Pattern.compile(ATOM + "(?:\\." + ATOM + ")*@" + LABEL + "(?:\\." + LABEL + ")*");
    private static final Format DEFAULT = Formats.DEFAULT.stream()
            .filter(format -> format.getName().equals("email"))
            .findFirst()
            .orElseThrow();

    @Override
    public String getName() {
        return "email";
    }

    @Override
    public String getMessageKey() {
        return DEFAULT.getMessageKey();
    }

    @Override
    public boolean matches(ExecutionContext context, String value) {
        boolean plain = value.length() <= MAX_LENGTH
                && value.indexOf('@') <= MAX_LOCAL
                && PLAIN.matcher(value).matches();
        return plain || DEFAULT.matches(context, value);
    }
}
