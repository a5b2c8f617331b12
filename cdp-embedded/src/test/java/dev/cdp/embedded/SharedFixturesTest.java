package dev.cdp.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@CdpTest
class SharedFixturesTest {
    @BeforeAll
    static void createDatabase(EmbeddedClickHouse clickHouse) {
        clickHouse.createDatabase("shared");
    }

    @Test
    void aRecordThatIsProducedIsConsumed(EmbeddedKafka kafka) {
        kafka.createTopic("shared.records", 2, Map.of("retention.ms", "3600000"));

        Records.send(kafka, "shared.records", "hello");

        assertThat(Records.values(kafka.bootstrapServers(), "shared.records", 1))
                .containsExactly("hello");
    }

    @Test
    void aBrokerInThisJvmSaysThatItCannotBeKilled(EmbeddedKafka kafka) {
        assertThatThrownBy(kafka::kill)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("EmbeddedKafka.builder().childProcess().start()");
    }

    @Test
    void everyParameterIsTheSameKafka(EmbeddedKafka one, EmbeddedKafka other) {
        assertThat(one).isSameAs(other);
    }

    @Test
    void rowsThatAreInsertedAreSelected(EmbeddedClickHouse clickHouse) {
        clickHouse.query("CREATE TABLE shared.t (n Int64) ENGINE = MergeTree ORDER BY n");
        clickHouse.query("INSERT INTO shared.t SELECT number FROM numbers(100)");

        assertThat(clickHouse.query("SELECT count() FROM shared.t")).isEqualTo("100\n");
    }

    @Test
    void aRefusedStatementThrowsTheServersMessage(EmbeddedClickHouse clickHouse) {
        assertThatThrownBy(() -> clickHouse.query("SELECT nonsense"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("UNKNOWN_IDENTIFIER")
                .hasMessageContaining("nonsense");
    }

    @Test
    void nobodyReadsFilesWithoutThePassword(EmbeddedClickHouse clickHouse) throws IOException, InterruptedException {
        String sql = "SELECT * FROM file('/etc/passwd', LineAsString)";
        for (String parameters : new String[] {"", "?user=default", "?user=" + clickHouse.user() + "&password=guess"}) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(clickHouse.url() + "/" + parameters))
                    .POST(HttpRequest.BodyPublishers.ofString(sql))
                    .build();

            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).as(parameters).isNotEqualTo(200);
            assertThat(response.body()).doesNotContain("root:");
        }
    }
}
