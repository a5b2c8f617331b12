package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;

import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The grants are such that the server can read them. */
@CdpTest
final class GrantsTest {

    @Test
    void everyGrantIsOneThatTheServerUnderstands(EmbeddedClickHouse server) {
        Fixture fixture = new Fixture(server);
        Grants grants = Grants.of(fixture.clicks());
        List<String> all = new ArrayList<>(grants.loader("l"));
        all.addAll(grants.migrator("m"));
        all.addAll(grants.analyst("a"));
        assertThat(all)
                .hasSizeGreaterThan(8)
                .allSatisfy(sql -> assertThat(server.query("SELECT formatQuery(" + SqlText.text(sql) + ")"))
                        .contains(sql.substring(0, 5)));
        assertThat(grants.loader("l"))
                .contains("GRANT CREATE TEMPORARY TABLE ON *.* TO `l`")
                .contains("GRANT SELECT, INSERT ON `" + fixture.database + "`.`clicked` TO `l`");
    }
}
