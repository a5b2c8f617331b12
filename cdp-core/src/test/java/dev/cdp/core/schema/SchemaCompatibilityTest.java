package dev.cdp.core.schema;

import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.cdp.core.schema.SchemaCompatibility.Mode;
import dev.cdp.core.schema.SchemaCompatibility.Policy;
import dev.cdp.core.schema.SchemaDifference.Certainty;
import dev.cdp.core.schema.SchemaDifference.Direction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SchemaCompatibilityTest {

    private static final String DRAFT_7 = "'$schema':'http://json-schema.org/draft-07/schema#',";

    /** Old, new, and the keywords at which the new one refuses old data, and the old one new data. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                // types
                "{'type':'integer'} | {'type':'number'} | '' | type",
                "{'type':'string'} | {'type':['string','null']} | '' | type",
                "{'type':'string'} | {} | '' | type",
                "{'type':'string'} | {'type':'integer'} | type | type",
                "{'type':'number','multipleOf':1} | {'type':'integer'} | '' | ''",
                "{} | true | '' | ''",
                "false | {'type':'string'} | '' | false",
                // listed values
                "{'enum':['a','b']} | {'enum':['a','b','c']} | '' | enum",
                "{'const':'a'} | {'enum':['a','b']} | '' | const",
                "{'enum':['a','b']} | {'type':'string','maxLength':1} | '' | enum",
                "{'enum':['a','b']} | {'type':'string','pattern':'^[a-c]$'} | '' | enum",
                "{'enum':['a','xx']} | {'type':'string','maxLength':1} | maxLength | enum",
                "{'enum':[1,2.5]} | {'type':'integer'} | type | enum",
                "{'enum':[1.0,2]} | {'type':'integer'} | '' | enum",
                "{'type':'boolean'} | {'enum':[true,false]} | '' | ''",
                "{'type':['boolean','null']} | {'enum':[true,false]} | enum | ''",
                "{'type':'string','enum':['a',1]} | {'const':'a'} | '' | ''",
                "{'const':{'a':1}} | {'enum':[{'a':1},2]} | '' | const",
                // numbers
                "{'type':'integer','minimum':0} | {'type':'integer','minimum':-1} | '' | minimum",
                "{'type':'integer','exclusiveMinimum':0} | {'type':'integer','minimum':1} | '' | ''",
                "{'type':'number','exclusiveMinimum':0} | {'type':'number','minimum':1} | minimum | ''",
                "{'type':'number','minimum':0} | {'type':'number','exclusiveMinimum':0} | exclusiveMinimum | ''",
                "{'type':'number','exclusiveMaximum':9} | {'type':'number','maximum':9} | '' | exclusiveMaximum",
                "{'type':'integer','maximum':9} | {'type':'integer','exclusiveMaximum':9.5} | '' | ''",
                "{'type':'integer','maximum':9} | {'type':'integer'} | '' | maximum",
                "{'type':'integer','multipleOf':6} | {'type':'integer','multipleOf':3} | '' | multipleOf",
                "{'type':'integer','multipleOf':0.6} | {'type':'integer','multipleOf':0.4} | multipleOf | multipleOf",
                "{'type':'integer'} | {'type':'number','multipleOf':0.5} | '' | type",
                "{'type':'string'} | {'type':'string','minimum':5} | '' | ''",
                // strings
                "{'type':'string','minLength':2} | {'type':'string','minLength':1} | '' | minLength",
                "{'type':'string','maxLength':2} | {'type':'string','maxLength':3} | '' | maxLength",
                "{'type':'string','pattern':'^a'} | {'type':'string'} | '' | pattern",
                "{'type':'string','pattern':'^a'} | {'type':'string','pattern':'^b'} | pattern | pattern",
                "{'type':'string'} | {'type':'string','pattern':'.*'} | '' | ''",
                "{'type':'string','format':'uuid'} | {'type':'string','format':'date'} | format | format",
                "{'type':'string','format':'uuid'} | {'type':'string'} | '' | format",
                "{'type':'string','x-pii':true} | {'type':'string','title':'t','description':'d'} | '' | ''",
                // references and combinations
                "{'$ref':'#/$defs/a','$defs':{'a':{'type':'string'}}} | {'type':'string'} | '' | ''",
                "{'allOf':[{'minimum':1},{'type':'integer'}]} | {'type':'integer','minimum':1} | '' | ''",
                "{'type':'string'} | {'anyOf':[{'type':'string'},{'type':'null'}]} | '' | type",
                "{'type':['string','null']} | {'anyOf':[{'type':'string'},{'type':'null'}]} | '' | ''",
                "{'anyOf':[{'type':'string'},{'type':'null'}]} | {'oneOf':[{'type':'null'},{'type':'string'}]} | '' | ''",
                "{'type':'integer'} | {'oneOf':[{'type':'integer'},{'minimum':5}]} | oneOf | type",
                "{'oneOf':[{'multipleOf':3},{'multipleOf':5}]} | {'oneOf':[{'multipleOf':3},{'multipleOf':5}]} | '' | ''",
                "{'oneOf':[{'multipleOf':3},{'multipleOf':5}]} | {'anyOf':[{'multipleOf':3},{'multipleOf':5}]} | '' | oneOf",
                "{'type':'string'} | {'oneOf':[true,true]} | oneOf | type",
                "{'enum':['a','b']} | {'anyOf':[{'const':'a'},{'const':'b'}]} | '' | ''",
                "{'type':'string'} | {'type':'string','not':{'const':'x'}} | not | ''",
                "{'enum':['a','b']} | {'not':{'const':'x'}} | '' | enum",
                "{'type':'integer','not':{'minimum':3}} | {'type':'integer','not':{'minimum':5}} | '' | not",
                "{'if':{'minimum':3},'then':{'multipleOf':2}} | {'if':{'minimum':3},'then':{'multipleOf':2}} | '' | ''",
                "{'type':'integer','multipleOf':2} | {'type':'integer','if':{'minimum':3},'then':{'multipleOf':2}} | '' | multipleOf",
                "{'type':'integer'} | {'type':'integer','if':{'minimum':3},'then':{'multipleOf':2}} | multipleOf | ''",
            })
    void whatAValueMayBe(String older, String newer, String backward, String forward) {
        assertFound(older, newer, backward, forward, Policy.STRICT);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                // open
                "{'type':'object'} | {'type':'object','properties':{'p':{'type':'string'}}} | properties | ''",
                "{'type':'object'} | {'type':'object','properties':{'p':true}} | '' | ''",
                "{'type':'object'} | {'type':'object','required':['p']} | required | ''",
                "{'type':'object','properties':{'p':{'type':'string'}}} | {'type':'object','properties':{'p':{'type':'number'}}} | type | type",
                // closed
                "{'type':'object','additionalProperties':false} | {'type':'object','additionalProperties':false,'properties':{'p':{'type':'string'}}} | '' | additionalProperties",
                "{'type':'object','additionalProperties':false} | {'type':'object'} | '' | additionalProperties",
                "{'type':'object','additionalProperties':false,'properties':{'p':{'type':'string'}}} | {'type':'object','properties':{'p':{'type':'string'},'q':{'type':'string'}}} | '' | 'additionalProperties,additionalProperties'",
                "{'type':'object','additionalProperties':false,'properties':{'p':false}} | {'type':'object','additionalProperties':false} | '' | ''",
                // partially open
                "{'type':'object','additionalProperties':{'type':'integer'}} | {'type':'object','additionalProperties':{'type':'number'}} | '' | additionalProperties",
                "{'type':'object','additionalProperties':{'type':'integer'}} | {'type':'object','properties':{'p':{'type':'integer'}}} | '' | additionalProperties",
                "{'type':'object','additionalProperties':{'type':'integer'}} | {'type':'object','properties':{'p':{'type':'string'}}} | type | 'type,additionalProperties'",
                "{'type':'object','patternProperties':{'^x':{'type':'integer'}}} | {'type':'object','properties':{'xa':{'type':'number'}}} | '' | type,patternProperties",
                "{'type':'object','patternProperties':{'^x':{'type':'integer'}}} | {'type':'object','patternProperties':{'^x':{'type':'number'}}} | '' | patternProperties",
                "{'type':'object','patternProperties':{'^x':{'type':'integer'}},'additionalProperties':false} | {'type':'object','patternProperties':{'^x':{'type':'integer'}}} | '' | additionalProperties",
                "{'type':'object','additionalProperties':{'type':'integer'}} | {'type':'object','patternProperties':{'^x':{'type':'integer'}},'additionalProperties':{'type':'integer'}} | '' | ''",
                // sizes, names and dependencies
                "{'type':'object','required':['a','b']} | {'type':'object','minProperties':2} | '' | required,required",
                "{'type':'object','additionalProperties':false,'properties':{'a':true}} | {'type':'object','maxProperties':1} | '' | additionalProperties",
                "{'type':'object','propertyNames':{'maxLength':3}} | {'type':'object','propertyNames':{'maxLength':5}} | '' | propertyNames",
                "{'type':'object','additionalProperties':false,'properties':{'a':true}} | {'type':'object','propertyNames':{'maxLength':5}} | '' | additionalProperties",
                "{'type':'object','required':['a','b']} | {'type':'object','dependentRequired':{'a':['b']}} | '' | required,required",
                "{'type':'object'} | {'type':'object','dependentRequired':{'a':['b']}} | dependentRequired | ''",
                "{'type':'object','dependentRequired':{'a':['b']}} | {'type':'object','dependentRequired':{'a':['b']}} | '' | ''",
                // arrays
                "{'type':'array','items':{'type':'integer'}} | {'type':'array','items':{'type':'number'}} | '' | type",
                "{'type':'array','prefixItems':[{'type':'integer'}],'items':false} | {'type':'array','items':{'type':'integer'}} | '' | items",
                "{'type':'array','prefixItems':[{'type':'integer'}]} | {'type':'array','items':{'type':'integer'}} | type | ''",
                "{'type':'array','maxItems':1,'prefixItems':[{'type':'integer'}]} | {'type':'array','items':{'type':'integer'}} | '' | maxItems",
                "{'type':'array','minItems':1} | {'type':'array','minItems':2} | minItems | ''",
                "{'type':'array','uniqueItems':true} | {'type':'array'} | '' | uniqueItems",
                "{'type':'array','contains':{'type':'integer'},'minContains':2} | {'type':'array','contains':{'type':'number'}} | '' | contains",
                "{'unevaluatedProperties':false,'properties':{'a':true}} | {'unevaluatedProperties':false,'properties':{'a':true}} | '' | ''",
                "{'unevaluatedProperties':false,'properties':{'a':true}} | {'unevaluatedProperties':false,'properties':{'a':true,'b':true}} | unevaluatedProperties | unevaluatedProperties",
            })
    void whatObjectsAndArraysMayHold(String older, String newer, String backward, String forward) {
        assertFound(older, newer, backward, forward, Policy.STRICT);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'object'} | {'type':'object','properties':{'p':{'type':'string'}}} | '' | ''",
                "{'type':'object'} | {'type':'object','required':['p'],'properties':{'p':{'type':'string'}}} | required | ''",
                "{'type':'object','required':['p']} | {'type':'object','required':['p'],'properties':{'p':{'type':'string'}}} | properties | ''",
                "{'type':'object','properties':{'p':{'type':'string'}}} | {'type':'object'} | '' | ''",
                "{'type':'object','additionalProperties':{'type':'integer'}} | {'type':'object','properties':{'p':{'type':'string'}}} | type | 'type,additionalProperties'",
            })
    void aLenientPolicyTakesItThatUndeclaredPropertiesWereNeverWritten(
            String older, String newer, String backward, String forward) {
        assertFound(older, newer, backward, forward, Policy.LENIENT);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{" + DRAFT_7
                        + "'type':'array','items':[{'type':'integer'}],'additionalItems':false} | {'type':'array','prefixItems':[{'type':'number'}],'items':false} | '' | type",
                "{" + DRAFT_7
                        + "'$ref':'#/definitions/a','minimum':5,'definitions':{'a':{'type':'integer'}}} | {'type':'integer'} | '' | ''",
                "{" + DRAFT_7 + "'type':'object','dependencies':{'a':['b']}} | {" + DRAFT_7
                        + "'type':'object','dependencies':{'a':['b']},'title':'t'} | '' | ''",
                "{" + DRAFT_7 + "'minContains':2} | {'minLength':0} | '' | ''",
            })
    void eachSchemaIsReadByItsDraft(String older, String newer, String backward, String forward) {
        assertFound(older, newer, backward, forward, Policy.STRICT);
    }

    @Test
    void recursiveSchemasAreComparedByInduction() {
        String tree = "{'$ref':'#/$defs/n','$defs':{'n':{'type':'object','properties':{'v':{'type':'%s'},"
                + "'next':{'$ref':'#/$defs/n'}}}}}";
        String listed = "{'$ref':'#/$defs/n','$defs':{'n':{'type':'object','properties':{'v':{'type':'%s'},"
                + "'next':{'anyOf':[{'$ref':'#/$defs/n'},{'type':'null'}]}}}}}";

        assertFound(tree.formatted("integer"), tree.formatted("number"), "", "type", Policy.STRICT);
        assertFound(tree.formatted("integer"), listed.formatted("number"), "", "type,type,type", Policy.STRICT);
        assertFound(tree.formatted("string"), listed.formatted("number"), "type", "type,type,type", Policy.STRICT);
    }

    @Test
    void aSumTypeGrowsByABranchThatItsDiscriminatorTellsApart() {
        String text =
                "{'type':'object','required':['kind','text'],'properties':{'kind':{'const':'text'},'text':{'type':'string'}}}";
        String photo =
                "{'type':'object','required':['kind'],'properties':{'kind':{'const':'photo'},'url':{'type':'string'}}}";
        String vague = "{'type':'object','properties':{'url':{'type':'string'}}}";

        assertFound("{'oneOf':[" + text + "]}", "{'oneOf':[" + photo + "," + text + "]}", "", "oneOf", Policy.STRICT);
        assertFound(
                "{'oneOf':[" + text + "]}", "{'oneOf':[" + vague + "," + text + "]}", "oneOf", "oneOf", Policy.STRICT);
    }

    @Test
    void aDifferenceSaysWhereWhatAndWhichWay() {
        CompatibilityReport report = check(
                "{'type':'object','properties':{'a':{'type':'array','items':{'$ref':'#/$defs/x'}}},'$defs':{'x':{'enum':['m','n']}}}",
                "{'type':'object','properties':{'a':{'type':'array','items':{'enum':['m','o']}}}}",
                Mode.FULL,
                Policy.STRICT);

        assertThat(report.compatible()).isFalse();
        assertThat(report.differences())
                .containsExactly(
                        new SchemaDifference(
                                Direction.BACKWARD,
                                "/a/*",
                                "/properties/a/items/enum",
                                "enum",
                                Certainty.BROKEN,
                                "the old schema allows \"n\", the new one does not"),
                        new SchemaDifference(
                                Direction.FORWARD,
                                "/a/*",
                                "/properties/a/items/enum",
                                "enum",
                                Certainty.BROKEN,
                                "the new schema allows \"o\", the old one does not"));
    }

    @Test
    void whatCannotBeProvenSaysSo() {
        SchemaDifference difference = check(
                        "{'type':'string','pattern':'^a'}",
                        "{'type':'string','pattern':'^[a]'}",
                        Mode.BACKWARD,
                        Policy.STRICT)
                .breaking()
                .get(0);

        assertThat(difference.certainty()).isEqualTo(Certainty.UNPROVEN);
        assertThat(difference.message()).startsWith("cannot be proven compatible: ");
    }

    @Test
    void aModeAsksForItsDirectionsOnly() {
        String older = "{'type':'integer'}";
        String newer = "{'type':'number'}";

        assertThat(check(older, newer, Mode.BACKWARD, Policy.STRICT).compatible())
                .isTrue();
        assertThat(check(older, newer, Mode.FORWARD, Policy.STRICT).compatible())
                .isFalse();
        assertThat(check(older, newer, Mode.FULL, Policy.STRICT).compatible()).isFalse();
        assertThat(check(older, newer, Mode.BACKWARD, Policy.STRICT).reads(Direction.FORWARD))
                .isFalse();
    }

    @Test
    void aTransitiveModeLooksAtEveryVersionBefore() {
        List<EventSchema> versions = List.of(
                schema("{'type':'object','properties':{'a':{'type':'string'}}}"),
                schema("{'type':'object','properties':{'a':{'type':['string','integer']}}}"),
                schema("{'type':'object','properties':{'a':{'type':['string','integer']},'b':{'type':'string'}}}"));

        assertThat(SchemaCompatibility.of(Mode.FORWARD, Policy.LENIENT).check(versions))
                .extracting(CompatibilityReport::compatible)
                .containsExactly(true);
        assertThat(SchemaCompatibility.of(Mode.FORWARD_TRANSITIVE, Policy.LENIENT)
                        .check(versions))
                .extracting(CompatibilityReport::compatible)
                .containsExactly(false, true);
        assertThat(SchemaCompatibility.of(Mode.FULL, Policy.STRICT).check(versions.subList(0, 1)))
                .isEmpty();
    }

    @Test
    void keywordsThatReachBeyondTheirPlaceAreNeverProven() {
        for (String far : List.of(
                "{'$dynamicAnchor':'a','items':{'$dynamicRef':'#a'}}",
                "{'type':'string','nullable':true}",
                "{'properties':{'a':{'$schema':'http://json-schema.org/draft-07/schema#'}}}")) {
            assertThat(check(far, "{'type':['string','array','object']}", Mode.BACKWARD, Policy.STRICT)
                            .breaking())
                    .as(far)
                    .extracting(SchemaDifference::certainty)
                    .containsExactly(Certainty.UNPROVEN);
        }
    }

    @Test
    void hostileSchemasEndUnproven() {
        assertEndedByItsSteps(choices(8), choices(9));
        assertThat(check(
                                "{'enum':['" + "a".repeat(60) + "!']}",
                                "{'pattern':'^(.*a){20}$'}",
                                Mode.BACKWARD,
                                Policy.STRICT)
                        .breaking())
                .extracting(SchemaDifference::certainty)
                .containsExactly(Certainty.UNPROVEN);
    }

    /** Each step costs more than in the small one: 9 seconds for 20,000 steps in both directions. */
    @Test
    @Tag("campaign")
    void largeHostileSchemasEndUnproven() {
        assertEndedByItsSteps(choices(20), choices(21));
    }

    /** An integer that so many choices of three are asked of: the combinations are a power of three. */
    private static String choices(int count) {
        return "{'type':'integer','allOf':["
                + IntStream.range(0, count)
                        .mapToObj(i -> "{'anyOf':[{'minimum':" + i + "},{'multipleOf':" + (i + 2) + "},{'maximum':-" + i
                                + "}]}")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static void assertEndedByItsSteps(String older, String newer) {
        assertThat(check(older, newer, Mode.FULL, Policy.STRICT))
                .asString()
                .contains("take more than 20000 steps to compare");
    }

    @Test
    void nullIsNoModeAndNoPolicy() {
        assertThatThrownBy(() -> SchemaCompatibility.of(null, Policy.STRICT)).hasMessage("mode");
    }

    private static void assertFound(String older, String newer, String backward, String forward, Policy policy) {
        CompatibilityReport report = check(older, newer, Mode.FULL, policy);
        assertThat(keywords(report, Direction.BACKWARD))
                .as("new reads old: %s", report)
                .isEqualTo(backward);
        assertThat(keywords(report, Direction.FORWARD))
                .as("old reads new: %s", report)
                .isEqualTo(forward);
    }

    private static String keywords(CompatibilityReport report, Direction direction) {
        return report.differences().stream()
                .filter(difference -> difference.breaks() == direction)
                .map(SchemaDifference::keyword)
                .collect(Collectors.joining(","));
    }

    private static CompatibilityReport check(String older, String newer, Mode mode, Policy policy) {
        return SchemaCompatibility.of(mode, policy).check(schema(older), schema(newer));
    }

    private static EventSchema schema(String text) {
        return EventSchema.parse(
                path -> {
                    throw new NoSuchFileException(path);
                },
                "schema.json",
                text.replace('\'', '"'));
    }
}
