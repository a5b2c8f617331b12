package dev.cdp.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The configuration files of a server of ours: loopback only, one user with a password. */
final class ClickHouseConfig {
    static final String USER = "cdp";

    private static final String USERS = "users.xml";

    private ClickHouseConfig() {}

    static Path file(Path directory) {
        return directory.resolve("config.xml");
    }

    /** For the library, which takes its port and path on the command line. */
    static void writeForLibrary(Path directory, String password) {
        // The library's own session is that of a user "default" without a password and cannot be another's. Whoever is
        // on this host could log in by that name too; its quota of two queries is what the launcher itself needs, so
        // that all it can still do is to select constants.
        write(directory, password, COMMON, """
                        <default>
                            <password></password>
                            <networks><ip>127.0.0.1</ip></networks>
                            <profile>default</profile>
                            <quota>launcher</quota>
                        </default>
                """);
    }

    /** For {@code clickhouse server}. */
    static void writeForServer(Path directory, int port, String password) {
        String data = escape(directory.resolve("data").toString());
        write(
                directory,
                password,
                COMMON
                        + """
                    <logger><level>warning</level><console>1</console></logger>
                    <listen_host>%s</listen_host>
                    <http_port>%d</http_port>
                    <path>%s/</path>
                    <tmp_path>%s/tmp/</tmp_path>
                    <user_files_path>%s/user_files/</user_files_path>
                    <format_schema_path>%s/format_schemas/</format_schema_path>
                    <user_directories><users_xml><path>%s</path></users_xml></user_directories>
                """.formatted(
                                        LoopbackPorts.HOST,
                                        port,
                                        data,
                                        data,
                                        data,
                                        data,
                                        escape(directory.resolve(USERS).toString())),
                "");
    }

    private static final String COMMON = """
                <query_log>
                    <database>system</database>
                    <table>query_log</table>
                    <flush_interval_milliseconds>500</flush_interval_milliseconds>
                </query_log>
            """;

    private static void write(Path directory, String password, String settings, String otherUsers) {
        String config = """
                <clickhouse>
                    <users_config>%s</users_config>
                %s</clickhouse>
                """.formatted(escape(directory.resolve(USERS).toString()), settings);
        String users = """
                <clickhouse>
                    <profiles>
                        <default/>
                    </profiles>
                    <quotas>
                        <default/>
                        <launcher>
                            <interval><duration>2000000000</duration><queries>2</queries></interval>
                        </launcher>
                    </quotas>
                    <users>
                %s        <%s>
                            <password_sha256_hex>%s</password_sha256_hex>
                            <networks><ip>127.0.0.1</ip></networks>
                            <profile>default</profile>
                            <quota>default</quota>
                            <access_management>1</access_management>
                        </%s>
                    </users>
                </clickhouse>
                """.formatted(otherUsers, USER, sha256(password), USER);
        try {
            Files.createDirectories(directory.resolve("data"));
            Files.writeString(file(directory), config);
            Files.writeString(directory.resolve(USERS), users);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the configuration into " + directory, e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
