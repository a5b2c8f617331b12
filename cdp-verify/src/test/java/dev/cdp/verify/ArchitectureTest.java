package dev.cdp.verify;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/** The house as DESIGN has it: who may use whom, and which library stands behind which class. */
final class ArchitectureTest {

    private static final JavaClasses CDP = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cdp");

    @Test
    void theseTestsSeeTheWholeHouse() {
        assertThat(CDP.size()).as("classes seen").isGreaterThan(120);
        for (String module : List.of("core", "producer", "consumer", "clickhouse", "testkit", "embedded", "cli")) {
            assertThat(CDP.containPackage("dev.cdp." + module)).as(module).isTrue();
        }
    }

    @Test
    void arrowsBetweenModulesPointOneWay() {
        onlyUses("dev.cdp.core..", "dev.cdp.core..");
        onlyUses("dev.cdp.producer..", "dev.cdp.core..", "dev.cdp.producer..");
        onlyUses("dev.cdp.consumer..", "dev.cdp.core..", "dev.cdp.consumer..");
        onlyUses("dev.cdp.clickhouse..", "dev.cdp.core..", "dev.cdp.clickhouse..");
        onlyUses("dev.cdp.testkit..", "dev.cdp.core..", "dev.cdp.producer..", "dev.cdp.testkit..");
        onlyUses("dev.cdp.embedded..", "dev.cdp.embedded..");
        onlyUses("dev.cdp.example.social..", "dev.cdp.core..", "dev.cdp.example.social..");
    }

    @Test
    void arrowsInsideCorePointOneWay() {
        onlyUses("dev.cdp.core", "dev.cdp.core");
        onlyUses("dev.cdp.core.event", "dev.cdp.core", "dev.cdp.core.event");
        onlyUses("dev.cdp.core.schema", "dev.cdp.core", "dev.cdp.core.event", "dev.cdp.core.schema");
        onlyUses(
                "dev.cdp.core.catalog",
                "dev.cdp.core",
                "dev.cdp.core.event",
                "dev.cdp.core.schema",
                "dev.cdp.core.catalog");
        onlyUses("dev.cdp.core.registry", "dev.cdp.core", "dev.cdp.core.schema", "dev.cdp.core.registry");
        onlyUses("dev.cdp.core.sink", "dev.cdp.core", "dev.cdp.core.event", "dev.cdp.core.schema", "dev.cdp.core.sink");
        noClasses()
                .that()
                .resideInAPackage("dev.cdp.core..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CDP);
    }

    @Test
    void deadLettersDoNotKnowTheConsumer() {
        onlyUses("dev.cdp.consumer.dlq", "dev.cdp.core..", "dev.cdp.consumer.dlq");
        onlyUses("dev.cdp.consumer.redrive", "dev.cdp.core..", "dev.cdp.consumer.dlq", "dev.cdp.consumer.redrive");
    }

    @Test
    void noPackagesFormACircle() {
        slices().matching("dev.cdp.(**)").should().beFreeOfCycles().check(CDP);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : CDP) {
            JavaPackage place = type.getPackage();
            if (!place.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(place.getName());
            }
        }
        assertThat(unmarked).isEmpty();
    }

    @Test
    void librariesAreConfined() {
        confined(
                "com.networknt..",
                "dev.cdp.core.validation.Oracle",
                "dev.cdp.core.validation.EmailFormat",
                "dev.cdp.core.validation.QuickFormat");
        confined("org.snakeyaml..", "dev.cdp.core.catalog.YamlReader");
        confined(
                "com.github.benmanes.caffeine..",
                "dev.cdp.core.registry.SchemaCache",
                "dev.cdp.core.wire.SchemaIds",
                "dev.cdp.consumer.SeenEvents");
        confined("org.apache.avro..", "dev.cdp.core.wire.AvroValues", "dev.cdp.core.schema.AvroSchemas");
        confined("io.github.resilience4j..", "dev.cdp.core.registry.RegistryCalls", "dev.cdp.consumer.Circuit");
        confined("net.jpountz..", "dev.cdp.clickhouse.Lz4Frame");
        confined("com.sun.jna..", "dev.cdp.embedded.");
        confined("kafka..", "dev.cdp.embedded.");
        confined("picocli..", "dev.cdp.cli.");
        confined("org.assertj..", "dev.cdp.testkit.EventAssert");
    }

    @Test
    void librariesDoNotPrint() {
        noClasses()
                .that(resideInAPackage("dev.cdp..")
                        .and(not(resideInAnyPackage("dev.cdp.cli..")))
                        .and(DescribedPredicate.describe(
                                "are not a child process",
                                type -> !type.getName().matches("dev.cdp.embedded.(.*Main|ChildJvm)"))))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CDP);
    }

    @Test
    void publicTypesAreFinalOrAbstractOnPurpose() {
        classes()
                .that()
                .arePublic()
                .and(not(resideInAPackage("dev.cdp.cli..")))
                .and()
                .areNotInterfaces()
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .and(DescribedPredicate.describe("are no exceptions", type -> !type.isAssignableTo(Throwable.class)))
                .and(DescribedPredicate.describe("are no enums", type -> !type.isEnum()))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CDP);
    }

    @Test
    void publicSignaturesNameNoLibraryButKafka() {
        classes()
                .that()
                .arePublic()
                .and()
                .resideInAnyPackage(
                        "dev.cdp.core..", "dev.cdp.producer..", "dev.cdp.consumer..", "dev.cdp.clickhouse..")
                .should(nameOnly("java.", "dev.cdp.", "org.apache.kafka.", "io.micrometer.core."))
                .check(CDP);
    }

    private static void onlyUses(String from, String... allowed) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.cdp..").and(not(resideInAnyPackage(allowed))))
                .check(CDP);
    }

    /** {@code by} are classes with those nested in them, or packages with a dot at their end. */
    private static void confined(String library, String... by) {
        noClasses()
                .that(DescribedPredicate.describe(
                        "are not " + String.join(", ", by),
                        type -> Stream.of(by).noneMatch(type.getName()::startsWith)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CDP);
    }

    private static ArchCondition<JavaClass> nameOnly(String... prefixes) {
        return new ArchCondition<>("name only types of " + String.join(", ", prefixes) + " in public signatures") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                    if (unit.getModifiers().contains(JavaModifier.PUBLIC)) {
                        check(type, unit, unit.getRawReturnType(), events);
                        unit.getRawParameterTypes().forEach(parameter -> check(type, unit, parameter, events));
                    }
                }
            }

            private void check(JavaClass type, JavaCodeUnit unit, JavaClass named, ConditionEvents events) {
                JavaClass base = named.getBaseComponentType();
                boolean known = base.isPrimitive() || List.of(prefixes).stream().anyMatch(base.getName()::startsWith);
                if (!known) {
                    events.add(SimpleConditionEvent.violated(type, unit.getFullName() + " names " + base.getName()));
                }
            }
        };
    }
}
