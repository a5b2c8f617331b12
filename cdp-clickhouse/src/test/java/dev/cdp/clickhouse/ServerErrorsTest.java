package dev.cdp.clickhouse;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.sun.net.httpserver.HttpServer;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What an error means, and that it is the one that the server means. */
@CdpTest
final class ServerErrorsTest {

    @Test
    void everyCodeHasTheNameThatTheServerGivesIt(EmbeddedClickHouse server) {
        assertThat(ServerErrors.names())
                .hasSizeGreaterThan(50)
                .allSatisfy((code, name) -> assertThat(server.query("SELECT errorCodeToName(" + code + ")")
                                .strip())
                        .isEqualTo(name));
    }

    @Test
    void aCodeThatIsNotKnownIsAnOutage() {
        assertThat(ServerErrors.kind(123_456)).isEqualTo(ServerErrors.Kind.OUTAGE);
        assertThat(ServerErrors.kind(252)).isEqualTo(ServerErrors.Kind.OUTAGE);
        assertThat(ServerErrors.kind(241)).isEqualTo(ServerErrors.Kind.TOO_LARGE);
        assertThat(ServerErrors.kind(60)).isEqualTo(ServerErrors.Kind.SETUP);
        assertThat(ServerErrors.kind(469)).isEqualTo(ServerErrors.Kind.DATA);
    }

    @Test
    void whatTheServerSaysOfRowsIsInNoMessage() throws Exception {
        HttpServer fake = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        fake.createContext("/", exchange -> {
            byte[] body = "Code: 999999. DB::Exception: row 'topsecret' (NEW_ERROR)".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-ClickHouse-Exception-Code", "999999");
            exchange.sendResponseHeaders(500, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        fake.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + fake.getAddress().getPort());
            InsertPort port = new HttpTransport(url, new Credentials("u", () -> "p"), Duration.ofSeconds(5));
            assertThatThrownBy(() -> port.query("SELECT 1"))
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessageContaining("999999")
                    .message()
                    .doesNotContain("topsecret");
            assertThatThrownBy(() -> new ServerQueries(port).run("do it", "SELECT 1"))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("cannot do it: ClickHouse error 999999")
                    .message()
                    .doesNotContain("topsecret");
        } finally {
            fake.stop(0);
        }
    }
}
