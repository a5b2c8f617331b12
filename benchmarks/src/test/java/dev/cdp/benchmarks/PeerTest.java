package dev.cdp.benchmarks;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever is measured gives the right answer. */
class PeerTest {

    @ParameterizedTest
    @EnumSource(
            value = Peer.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"JACKSON_WALK", "JACKSON_TREE"})
    void peersAgreeOnEveryPayload(Peer peer) throws Exception {
        for (Workload workload : Workload.values()) {
            byte[][] payloads = workload.payloads();
            int schemas = workload.schemas().size();
            Subject subject = peer.prepare(workload.schemas());
            for (int i = 0; i < payloads.length; i++) {
                assertThat(subject.accepts(i % schemas, payloads[i]))
                        .as("%s on payload %d of %s", peer, i, workload)
                        .isEqualTo(workload.valid());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Workload.class)
    void payloadsHaveTheSizeThatTheTablesSay(Workload workload) {
        int size = workload.isOrder() ? 5_000 : 1_000;
        for (byte[] payload : workload.payloads()) {
            assertThat(payload.length).isBetween(size * 8 / 10, size * 12 / 10);
        }
    }
}
