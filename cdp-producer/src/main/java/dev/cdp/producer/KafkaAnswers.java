package dev.cdp.producer;

import java.util.Set;

import dev.cdp.core.CdpException;
import dev.cdp.producer.PublishFailedException.Retry;
import dev.cdp.producer.WireEvidence.Mark;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * What Kafka's exceptions say about a record: that it is known not to be in the log, or that it may be there. Only an
 * answer by which the broker refuses the record itself makes it known; whatever stands for a missing answer does not.
 */
final class KafkaAnswers {

    private static final Set<Class<? extends ApiException>> REFUSED_BY_BROKER = Set.of(
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            InvalidRecordException.class,
            InvalidTimestampException.class,
            InvalidTopicException.class,
            PolicyViolationException.class,
            UnsupportedCompressionTypeException.class,
            UnsupportedForMessageFormatException.class,
            UnsupportedVersionException.class);

    private KafkaAnswers() {}

    /**
     * The exception for an event whose record Kafka had taken, by what it told later.
     *
     * @param before the evidence before Kafka took it
     * @param now the evidence on Kafka's I/O thread as it tells the answer
     */
    static CdpException classify(String event, String topic, String eventId, Exception answer, Mark before, Mark now) {
        if (isRefusal(answer) && before.nothingRetriedUntil(now)) {
            return new PublishFailedException(
                    event + " was refused by the broker for topic " + topic + ": " + name(answer) + hint(answer),
                    retry(answer),
                    answer);
        }
        if (neverSent(answer, before, now)) {
            return new PublishFailedException(
                    event + " never left for topic " + topic + ": no broker could be reached in time (" + name(answer)
                            + ")",
                    Retry.MAY_HELP,
                    answer);
        }
        return new PublishUncertainException(
                event + " (" + eventId + ") may or may not be in topic " + topic + ": " + name(answer)
                        + " came in place of an acknowledgement; publish it again with the same id if a repeat is"
                        + " better than a loss",
                eventId,
                answer);
    }

    /** A refusal answers the attempt that it answers: one before it may have been written and its answer lost. */
    private static boolean isRefusal(Exception answer) {
        return answer instanceof AuthorizationException || REFUSED_BY_BROKER.contains(answer.getClass());
    }

    /**
     * Kafka expires records in the round of its I/O thread in which it puts them into a request, and before it counts
     * them as sent, so for an expiry the totals alone prove nothing; without a connection no request is made.
     */
    private static boolean neverSent(Exception answer, Mark before, Mark now) {
        return before.nothingSentUntil(now) && (!(answer instanceof TimeoutException) || now.disconnected());
    }

    /** Whether the broker refuses the record itself, so that sending it again would end the same way. */
    static boolean refusesRecord(Exception answer) {
        return REFUSED_BY_BROKER.contains(answer.getClass());
    }

    /** The exception for an event whose record Kafka did not take. */
    static PublishFailedException notTaken(String event, String topic, Exception refusal) {
        return new PublishFailedException(
                event + " was not sent to topic " + topic + ": " + name(refusal) + hint(refusal),
                retry(refusal),
                refusal);
    }

    static Outcome outcome(CdpException classified) {
        return classified instanceof PublishUncertainException ? Outcome.UNCERTAIN : Outcome.FAILED;
    }

    /** The exception for an event whose topic could not be looked up. */
    static PublishFailedException noTopic(String event, CdpException why) {
        return new PublishFailedException(
                event + " was not sent: " + why.getMessage(),
                why.retryable() ? Retry.MAY_HELP : Retry.WILL_NOT_HELP,
                why);
    }

    private static Retry retry(Exception answer) {
        return answer instanceof RetriableException ? Retry.MAY_HELP : Retry.WILL_NOT_HELP;
    }

    private static String name(Exception answer) {
        return answer.getClass().getSimpleName();
    }

    private static String hint(Exception answer) {
        if (answer instanceof RecordTooLargeException) {
            return "; it is larger than max.request.size of the producer or max.message.bytes of the topic allows";
        }
        if (answer instanceof AuthorizationException) {
            return "; this client's principal needs WRITE on the topic";
        }
        return "";
    }
}
