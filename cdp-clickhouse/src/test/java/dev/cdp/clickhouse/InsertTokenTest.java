package dev.cdp.clickhouse;

import java.util.UUID;

import dev.cdp.core.sink.BatchId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A token is a function of the batch's bounds, today and in every later version. */
final class InsertTokenTest {

    private static final UUID TABLE = new UUID(1, 2);
    private static final BatchId BATCH = new BatchId("t", new UUID(3, 4), 5, 6, 7, 8);

    /** Another token for the same batch would store again what an older version has stored. */
    @Test
    void theTokenOfABatchIsTheOneThatTheFirstVersionMade() {
        assertThat(InsertToken.of(TABLE, BATCH)).isEqualTo("57e2444306d73f8e02af1d144a301f79");
    }

    @Test
    void everythingThatTellsBatchesApartIsInTheToken() {
        assertThat(new String[] {
                    InsertToken.of(TABLE, BATCH),
                    InsertToken.of(new UUID(2, 2), BATCH),
                    InsertToken.of(new UUID(1, 3), BATCH),
                    InsertToken.of(TABLE, new BatchId("t", new UUID(9, 4), 5, 6, 7, 8)),
                    InsertToken.of(TABLE, new BatchId("t", new UUID(3, 9), 5, 6, 7, 8)),
                    InsertToken.of(TABLE, new BatchId("t", new UUID(3, 4), 9, 6, 7, 8)),
                    InsertToken.of(TABLE, new BatchId("t", new UUID(3, 4), 5, 9, 7, 8)),
                    InsertToken.of(TABLE, new BatchId("t", new UUID(3, 4), 5, 6, 9, 8)),
                    InsertToken.of(TABLE, new BatchId("t", new UUID(3, 4), 5, 6, 7, 9))
                })
                .doesNotHaveDuplicates()
                .allMatch(token -> token.matches("[0-9a-f]{32}"));
    }

    @Test
    void theNameOfATopicIsNotInIt() {
        assertThat(InsertToken.of(TABLE, new BatchId("renamed", new UUID(3, 4), 5, 6, 7, 8)))
                .isEqualTo(InsertToken.of(TABLE, BATCH));
    }
}
