package dev.cdp.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ErrorTableTest {

    private final ErrorTable table = ErrorTable.DEFAULT;

    @Test
    void connectionsThatCannotBeMadeAreOutagesHoweverTheyAreWrapped() {
        assertThat(table.classify(new ConnectException())).isEqualTo(ErrorClass.OUTAGE);
        assertThat(table.classify(new CompletionException(new UncheckedIOException(new ConnectException()))))
                .isEqualTo(ErrorClass.OUTAGE);
        assertThat(table.classify(new IllegalStateException(new SQLTransientConnectionException())))
                .isEqualTo(ErrorClass.OUTAGE);
        assertThat(table.classify(new HttpConnectTimeoutException("no"))).isEqualTo(ErrorClass.OUTAGE);
    }

    @Test
    void whatNobodyKnowsIsTriedAgain() {
        assertThat(table.classify(new IllegalStateException())).isEqualTo(ErrorClass.RETRY);
        assertThat(table.classify(new IOException())).isEqualTo(ErrorClass.RETRY);
        assertThat(table.classify(new StackOverflowError())).isEqualTo(ErrorClass.RETRY);
        Exception circle = new IllegalStateException();
        circle.initCause(new IllegalArgumentException(circle));
        assertThat(table.classify(circle)).isEqualTo(ErrorClass.RETRY);
    }

    @Test
    void anExceptionOfOursSaysItItself() {
        assertThat(table.classify(new RejectedEventException("no"))).isEqualTo(ErrorClass.REJECT);
        assertThat(table.classify(new RuntimeException(new RejectedEventException("no"))))
                .isEqualTo(ErrorClass.REJECT);
    }

    @Test
    void theNearestTypeOfTheUsersTableDecides() {
        ErrorTable mine =
                table.with(SQLException.class, ErrorClass.REJECT).with(ConnectException.class, ErrorClass.RETRY);
        assertThat(mine.classify(new SQLException())).isEqualTo(ErrorClass.REJECT);
        assertThat(mine.classify(new SQLTransientConnectionException())).isEqualTo(ErrorClass.OUTAGE);
        assertThat(mine.classify(new ConnectException())).isEqualTo(ErrorClass.RETRY);
        assertThat(table.classify(new ConnectException())).isEqualTo(ErrorClass.OUTAGE);
    }

    @Test
    void aRetryPolicyEndsByAttemptsOrByTime() {
        RetryPolicy policy = RetryPolicy.exponential(5, Duration.ofMillis(100)).within(Duration.ofSeconds(1));
        assertThat(policy.spent(4, 999_000_000L)).isFalse();
        assertThat(policy.spent(5, 0)).isTrue();
        assertThat(policy.spent(1, 1_000_000_001L)).isTrue();
        assertThatThrownBy(() -> policy.within(Duration.ZERO)).hasMessageContaining("total must be 1 ms to 1 d");
    }
}
