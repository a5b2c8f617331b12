package dev.cdp.clickhouse;

/**
 * Reads IP addresses as text, and never asks a name server.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4291#section-2.2">RFC 4291, section 2.2</a>
 */
final class IpText {

    private static final String NOT_V4 = "expected an IPv4 address, found another string";
    private static final String NOT_V6 = "expected an IPv6 address, found another string";

    private IpText() {}

    /** The address as a number, the first part in the highest byte. */
    static int v4(String text) throws UnfitValueException {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new UnfitValueException(NOT_V4);
        }
        int address = 0;
        for (String part : parts) {
            address = address << 8 | part(part);
        }
        return address;
    }

    /** The address's 16 bytes in network order. */
    static byte[] v6(String text) throws UnfitValueException {
        int gap = text.indexOf("::");
        byte[] address = new byte[16];
        if (gap < 0) {
            if (groups(text, address, 0) != 16) {
                throw new UnfitValueException(NOT_V6);
            }
            return address;
        }
        byte[] tail = new byte[16];
        String after = text.substring(gap + 2);
        int head = gap == 0 ? 0 : groups(text.substring(0, gap), address, 0);
        int length = after.isEmpty() ? 0 : groups(after, tail, 0);
        if (head + length > 14) {
            throw new UnfitValueException(NOT_V6);
        }
        System.arraycopy(tail, 0, address, 16 - length, length);
        return address;
    }

    /** Fills {@code to} from groups of hex digits, the last of which may be an IPv4 address; the number of bytes. */
    private static int groups(String text, byte[] to, int from) throws UnfitValueException {
        int size = from;
        String[] groups = text.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            boolean dotted = i == groups.length - 1 && groups[i].indexOf('.') >= 0;
            int width = dotted ? 4 : 2;
            if (size + width > 16) {
                throw new UnfitValueException(NOT_V6);
            }
            int value = dotted ? v4(groups[i]) : group(groups[i]);
            for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
                to[size++] = (byte) (value >>> shift);
            }
        }
        return size;
    }

    private static int group(String text) throws UnfitValueException {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new UnfitValueException(NOT_V6);
            }
            value = value << 4 | digit;
        }
        if (text.isEmpty() || text.length() > 4) {
            throw new UnfitValueException(NOT_V6);
        }
        return value;
    }

    private static int part(String text) throws UnfitValueException {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw new UnfitValueException(NOT_V4);
            }
            value = value * 10 + c - '0';
        }
        boolean leadingZero = text.length() > 1 && text.charAt(0) == '0';
        if (text.isEmpty() || text.length() > 3 || leadingZero || value > 255) {
            throw new UnfitValueException(NOT_V4);
        }
        return value;
    }
}
