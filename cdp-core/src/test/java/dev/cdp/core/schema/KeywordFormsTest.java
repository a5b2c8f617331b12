package dev.cdp.core.schema;

import java.io.FileNotFoundException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A schema is one by its draft's metaschema. */
final class KeywordFormsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'strng'}",
                "{'type':[]}",
                "{'type':['string','string']}",
                "{'type':7}",
                "{'required':'a'}",
                "{'required':['a','a']}",
                "{'required':[1]}",
                "{'minimum':'1'}",
                "{'exclusiveMinimum':true}",
                "{'multipleOf':0}",
                "{'multipleOf':-1}",
                "{'maxLength':-1}",
                "{'maxLength':1.5}",
                "{'maxItems':'3'}",
                "{'uniqueItems':'yes'}",
                "{'enum':'a'}",
                "{'pattern':7}",
                "{'format':{}}",
                "{'properties':[]}",
                "{'properties':{'a':'string'}}",
                "{'properties':{'a':{'properties':{'b':{'type':'text'}}}}}",
                "{'additionalProperties':'no'}",
                "{'items':[]}",
                "{'items':7}",
                "{'prefixItems':[]}",
                "{'allOf':{}}",
                "{'anyOf':[]}",
                "{'oneOf':[1]}",
                "{'not':[]}",
                "{'if':1}",
                "{'dependentRequired':{'a':'b'}}",
                "{'dependentSchemas':{'a':['b']}}",
                "{'$defs':{'a':1}}",
                "{'$defs':{'unused':{'type':'nothing'}}}",
                "{'$ref':7}",
                "{'description':['a']}",
                "{'$schema':'http://json-schema.org/draft-07/schema#','items':{'type':'text'}}",
                "{'$schema':'http://json-schema.org/draft-07/schema#','items':[1]}",
                "{'$schema':'http://json-schema.org/draft-07/schema#','additionalItems':1}",
                "{'$schema':'http://json-schema.org/draft-07/schema#','dependencies':{'a':1}}",
            })
    void aKeywordOfTheWrongFormIsRefused(String schema) {
        assertThatThrownBy(() -> parse(schema))
                .isInstanceOfSatisfying(
                        InvalidSchemaException.class,
                        e -> assertThat(e.findings())
                                .extracting(InvalidSchemaException.Finding::rule)
                                .contains("schema-keyword"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':['string','null'],'required':[],'maxLength':2.0,'multipleOf':0.01}",
                "{'properties':{'type':{'type':'string'},'required':true,'$ref':false}}",
                "{'const':{'type':7},'enum':[{'required':'a'}],'default':{'minimum':'x'},'examples':[{'type':1}]}",
                "{'x-note':{'type':7},'additionalItems':7,'dependencies':{'a':['b'],'c':{}}}",
                "{'items':false,'prefixItems':[true]}",
                "{'$schema':'http://json-schema.org/draft-07/schema#','items':[{}, true],'prefixItems':7}",
            })
    void whatTheMetaschemaTakesIsTaken(String schema) {
        assertThat(parse(schema).hash()).isNotEmpty();
    }

    @Test
    void theFindingSaysWhereAndWhatInAllDocuments() {
        InvalidSchemaException e = catchThrowableOfType(
                InvalidSchemaException.class,
                () -> EventSchema.parse(
                        path -> {
                            if (!path.equals("common.json")) {
                                throw new FileNotFoundException(path);
                            }
                            return "{\"$defs\":{\n \"a\":{\"maxLength\": \"9\"}}}"
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
                        },
                        "event.json",
                        "{\n \"required\": 1,\n \"properties\": {\"a\": {\"$ref\": \"common.json#/$defs/a\"}}}"));

        assertThat(e.findings())
                .extracting(
                        f -> f.document() + ":" + f.line() + ":" + f.column() + " " + f.pointer() + " " + f.message())
                .containsExactly(
                        "event.json:2:14 /required required: expected a list of names, each once, found 1",
                        "common.json:2:20 /$defs/a/maxLength maxLength: expected a whole number from 0, found \"9\"");
    }

    private static EventSchema parse(String schema) {
        return EventSchema.parse(
                path -> {
                    throw new FileNotFoundException(List.of(path).toString());
                },
                "event.json",
                schema.replace('\'', '"'));
    }
}
