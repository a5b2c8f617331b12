package dev.cdp.core.registry;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What holds for every {@link SubjectRegistry}. A subclass opens one; the subjects are new in each test, so that the
 * registry behind may be a shared one.
 */
public abstract class SchemaRegistryContract {

    private static final String HEAD = "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",";
    private static final String PLACE = HEAD + "\"title\":\"Place\",\"type\":\"object\"}";
    private static final String SPOT =
            HEAD + "\"title\":\"Spot\",\"type\":\"object\",\"properties\":{\"place\":{\"$ref\":\"place.json\"}}}";
    private static final String VIEWED =
            HEAD + "\"title\":\"Viewed\",\"type\":\"object\",\"properties\":{\"spot\":{\"$ref\":\"spot.json\"}}}";

    /** A registry that may be written. */
    protected abstract SubjectRegistry registry();

    /** The same one, opened with the default options. */
    protected abstract SubjectRegistry readOnly();

    /** Makes a subject refuse versions that old data does not fit. */
    protected abstract void refuseBreaks(String subject);

    @Test
    void whatIsRegisteredIsFoundByEveryKey() {
        String subject = subject("viewed");

        RegisteredSchema registered = registry().register(subject, SchemaDraft.json(PLACE));

        SchemaKey.Version version = new SchemaKey.Version(subject, 1);
        assertThat(registered.subjects()).containsExactly(version);
        assertThat(registered.text()).isEqualTo(PLACE);
        assertThat(found(new SchemaKey.Id(registered.id().orElseThrow()))).satisfies(schema -> {
            assertThat(schema.text()).isEqualTo(PLACE);
            assertThat(schema.type()).isEqualTo(SchemaType.JSON);
            assertThat(schema.subjects()).contains(version);
        });
        assertThat(found(version).id()).isEqualTo(registered.id());
        assertThat(found(new SchemaKey.Latest(subject)).subjects()).containsExactly(version);
    }

    @Test
    void aGuidFindsItsSchemaWhereTheRegistryHasGuids() {
        String subject = subject("viewed");
        RegisteredSchema registered = registry().register(subject, SchemaDraft.json(PLACE));
        Assumptions.assumeTrue(registered.guid().isPresent(), "this registry has no GUIDs");

        RegisteredSchema found = found(new SchemaKey.Guid(registered.guid().orElseThrow()));

        assertThat(found.text()).isEqualTo(PLACE);
        assertThat(found.guid()).isEqualTo(registered.guid());
        assertThat(found.subjects()).contains(new SchemaKey.Version(subject, 1));
    }

    @Test
    void whatWasNeverRegisteredIsUnknown() {
        String subject = subject("viewed");
        registry().register(subject, SchemaDraft.json(PLACE));

        assertThat(readOnly().find(new SchemaKey.Id(2_147_483_646))).isEmpty();
        assertThat(readOnly().find(new SchemaKey.Id(-7))).isEmpty();
        assertThat(readOnly().find(new SchemaKey.Guid(UUID.randomUUID()))).isEmpty();
        assertThat(readOnly().find(new SchemaKey.Version(subject, 9))).isEmpty();
        assertThat(readOnly().find(new SchemaKey.Version(subject("nobody"), 1))).isEmpty();
        assertThat(readOnly().find(new SchemaKey.Latest(subject("nobody")))).isEmpty();
    }

    @Test
    void aSchemaThatIsRegisteredAgainKeepsItsVersionAndId() {
        String subject = subject("viewed");
        RegisteredSchema first = registry().register(subject, SchemaDraft.json(PLACE));

        RegisteredSchema second = registry().register(subject, SchemaDraft.json(PLACE));

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.subjects()).isEqualTo(first.subjects());
    }

    @Test
    void aSchemaUnderTwoSubjectsHasOneId() {
        String text = PLACE.replace("Place", subject("Place"));
        String one = subject("one/with slash");
        String two = subject("two");

        RegisteredSchema first = registry().register(one, SchemaDraft.json(text));
        RegisteredSchema second = registry().register(two, SchemaDraft.json(text));

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(found(new SchemaKey.Id(second.id().orElseThrow())).subjects())
                .contains(new SchemaKey.Version(one, 1), new SchemaKey.Version(two, 1));
    }

    @Test
    void theLatestVersionIsTheOneRegisteredLast() {
        String subject = subject("viewed");
        SubjectRegistry registry = registry();
        registry.register(subject, SchemaDraft.json(PLACE));
        assertThat(registry.find(new SchemaKey.Latest(subject)).orElseThrow().text())
                .isEqualTo(PLACE);

        registry.register(subject, SchemaDraft.json(PLACE.replace("Place", "Place two")));

        assertThat(registry.find(new SchemaKey.Latest(subject)).orElseThrow().subjects())
                .containsExactly(new SchemaKey.Version(subject, 2));
    }

    @Test
    void aSchemaComesWithAllThatItRefersTo() {
        String place = subject("place");
        String spot = subject("spot");
        String viewed = subject("viewed");
        SubjectRegistry registry = registry();
        registry.register(place, SchemaDraft.json(PLACE));
        registry.register(spot, using(SPOT, "place.json", place));

        RegisteredSchema registered = registry.register(viewed, using(VIEWED, "spot.json", spot));

        RegisteredSchema found = found(new SchemaKey.Id(registered.id().orElseThrow()));
        assertThat(found.references().keySet()).containsExactly("place.json", "spot.json");
        assertThat(found.references()).containsEntry("place.json", PLACE).containsEntry("spot.json", SPOT);
        assertThat(registered.references()).isEqualTo(found.references());
    }

    @Test
    void aSchemaThatRefersToNothingIsRefused() {
        SchemaDraft draft = using(SPOT, "place.json", subject("nobody"));

        assertThatThrownBy(() -> registry().register(subject("spot"), draft))
                .isInstanceOf(RegistryRefusedException.class);
    }

    @Test
    void aBrokenSchemaIsRefused() {
        SchemaDraft broken = SchemaDraft.json("{ no schema");

        assertThatThrownBy(() -> registry().register(subject("viewed"), broken))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining("viewed");
    }

    @Test
    void aBreakIsToldAndNotRegistered() {
        String subject = subject("viewed");
        SubjectRegistry registry = registry();
        registry.register(subject, SchemaDraft.json(PLACE));
        refuseBreaks(subject);
        SchemaDraft same = SchemaDraft.json(PLACE.replace("\"type\"", "\"description\":\"x\",\"type\""));
        SchemaDraft breaking = SchemaDraft.json(PLACE.replace(
                "\"type\":\"object\"",
                "\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}},\"required\":[\"id\"]"));

        assertThat(registry.compatibility(subject, same).compatible()).isTrue();
        assertThat(registry.compatibility(subject, breaking).compatible()).isFalse();
        assertThatThrownBy(() -> registry.register(subject, breaking)).isInstanceOf(RegistryRefusedException.class);
        assertThat(registry.find(new SchemaKey.Version(subject, 2))).isEmpty();
    }

    @Test
    void aSubjectThatDoesNotExistTakesAnySchema() {
        assertThat(registry().compatibility(subject("nobody"), SchemaDraft.json(PLACE)))
                .isEqualTo(new CompatibilityAnswer(true, List.of()));
    }

    @Test
    void nothingIsRegisteredUnlessThatWasAllowed() {
        String subject = subject("viewed");

        assertThatThrownBy(() -> readOnly().register(subject, SchemaDraft.json(PLACE)))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining("Registration.ALLOWED");
        assertThat(readOnly().find(new SchemaKey.Latest(subject))).isEmpty();
    }

    private RegisteredSchema found(SchemaKey key) {
        return readOnly().find(key).orElseThrow(() -> new AssertionError("no " + key));
    }

    private static SchemaDraft using(String text, String name, String subject) {
        return new SchemaDraft(SchemaType.JSON, text, List.of(new SchemaReference(name, subject, 1)));
    }

    private static String subject(String name) {
        return name + "-" + UUID.randomUUID();
    }
}
