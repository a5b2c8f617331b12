package dev.cdp.example.social;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class IncidentTest {

    private static final Catalog CATALOG = Catalog.fromClasspath("cdp/cdp.yaml");
    private static final EventValidator VALIDATOR = EventValidator.of(CATALOG);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"test\":\"connection_test\",\"timestamp\":\"2026-01-10T10:00:00Z\"}",
                "{\"test\":\"direct_publish\",\"timestamp\":1768039200}",
                "{\"test\":\"message\"}",
                "{\"test\":\"final\",\"occurred_at\":\"yesterday\"}"
            })
    void noMessageOfTheIncidentPassesAsAnyEvent(String message) {
        for (EventDefinition event : CATALOG.events()) {
            for (int version : event.versions().keySet()) {
                ValidationReport report = VALIDATOR.validate(event.name(), version, message.getBytes(UTF_8));

                assertThat(report.reason()).contains(DeadLetterReason.INVALID);
                assertThat(report.violations()).extracting(Violation::keyword).contains("required");
                assertThat(report.toString()).contains("'actor' is missing").contains("'context' is missing");
            }
        }
    }
}
