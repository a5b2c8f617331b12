package dev.cdp.core.schema;

import java.time.Duration;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

final class RegexCostTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "^(a*)*$",
                "^(a|a)*$",
                "^(a|b|ab)*$",
                "^(\\w+\\s?)+$",
                "^([a-zA-Z]+)*$",
                "^(.*a){20}$",
                "^(a|aa)+$",
                "^((ab)*|(abab)*)*$",
                "^(?:[a-z0-9]+-?)*$",
                "^(\\d+,?)+;$",
                "^(x*y*)*$",
                "^(?<n>[^,]*,?)*$",
                "^(\\p{L}+[a-z]*)+!$",
            })
    void aRepetitionThatCanBeCutInManyWaysExplodes(String pattern) {
        assertThat(RegexCost.of(pattern)).isEqualTo(RegexCost.EXPONENTIAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"^a*a*$", "^.*foo.*$", "[a-z]+@", "\\s+$", "^[^@]+@[^@]+\\.[^@]+$", "^(.*a){3}$"})
    void neighboursThatOverlapAreSlow(String pattern) {
        assertThat(RegexCost.of(pattern)).isEqualTo(RegexCost.POLYNOMIAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "^p_[0-9a-z]{1,40}$",
                "^[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_]+){0,2}$",
                "^([a-z0-9]+\\.)+[a-z]+$",
                "^([0-9]{1,3}\\.){3}[0-9]{1,3}$",
                "^(x|y)*$",
                "[a-z]+",
                "foo",
                "^.*$",
                "^\\d{4}-\\d\\d-\\d\\dT.*Z$",
                "^(https?://)?[^/]*$",
                "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
                "^\\p{Lu}{2}$",
                "^(?:a|b)+\\u0041[\\x30-\\x39]?$",
                "^2[01]",
                "^(GET|POST|PUT) /[^ ]* HTTP$",
                "^([a-z]+[0-9]+)*$",
            })
    void whatIsTakenInOneWayOnlyIsLinear(String pattern) {
        assertThat(RegexCost.of(pattern)).isEqualTo(RegexCost.LINEAR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"^(?=a)b$", "(a)\\1", "a*+", "(?i)x", "[a&&b]", "^(?!x).*$"})
    void whatIsNotAnalysedIsNotGuessed(String pattern) {
        assertThat(RegexCost.of(pattern)).isEqualTo(RegexCost.UNKNOWN);
    }

    @Test
    void noPatternTakesLongToJudge() {
        String nested = "(".repeat(55) + "a*" + ")*".repeat(55);
        String wide = "^(" + "[a-z]*".repeat(90) + ")*$";
        String many = "^" + "(a|b|ab)*".repeat(60) + "$";
        for (String pattern :
                new String[] {nested, wide, many, "a{1,999999999}", "((a{99}){99}){99}", "(".repeat(900)}) {
            assertTimeout(
                    Duration.ofSeconds(20),
                    () -> assertThatNoException()
                            .isThrownBy(() -> assertThat(RegexCost.of(pattern)).isNotNull()));
        }
    }

    /** A check of the check. The JDK remembers where plain loops failed; other engines that a schema meets do not. */
    @Test
    void theMatcherItselfAgrees() {
        assertThat(reads("^(.*a){12}$", "a".repeat(24) + "!")).isGreaterThan(1_000_000);
        assertThat(reads("^([a-z]+[0-9]+)*$", "a".repeat(2_000) + "!")).isLessThan(100_000);
        assertThat(reads("^a*a*$", "a".repeat(2_000) + "!")).isGreaterThan(1_000_000);
    }

    private static long reads(String pattern, String text) {
        long[] reads = {0};
        CharSequence counted = new CharSequence() {
            @Override
            public int length() {
                return text.length();
            }

            @Override
            public char charAt(int index) {
                reads[0]++;
                return text.charAt(index);
            }

            @Override
            public CharSequence subSequence(int start, int end) {
                return text.subSequence(start, end);
            }
        };
        assertThat(Pattern.compile(pattern).matcher(counted).find()).isFalse();
        return reads[0];
    }
}
