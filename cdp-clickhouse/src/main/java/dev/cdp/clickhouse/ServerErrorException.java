package dev.cdp.clickhouse;

/**
 * Thrown when the server refuses a statement. {@link #serverText()} may quote rows, so it is not the message and goes
 * into no other message when the statement carried rows.
 */
final class ServerErrorException extends Exception {

    private final int code;
    private final String serverText;

    ServerErrorException(int code, String serverText) {
        super("ClickHouse error " + ServerErrors.describe(code));
        this.code = code;
        this.serverText = serverText;
    }

    int code() {
        return code;
    }

    ServerErrors.Kind kind() {
        return ServerErrors.kind(code);
    }

    String serverText() {
        return serverText;
    }
}
