package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    private static final String HOUSE = "kr.kisgateway";
    private static final String BAD_HOUSE = "kr.kisgateway.gateway.badfixture";

    @TestFactory
    @Requirement(value = "A-02", clause = "arrows")
    Stream<DynamicTest> the_house_keeps_its_arrows() {
        JavaClasses house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(HOUSE);
        return new HouseRules(HOUSE)
                .all().stream()
                        .map(r -> dynamicTest(r.sentence(), () -> r.rule().check(house)));
    }

    @TestFactory
    Stream<DynamicTest> each_rule_fails_for_a_house_that_breaks_it() {
        JavaClasses badHouse = new ClassFileImporter().importPackages(BAD_HOUSE);
        return new HouseRules(BAD_HOUSE)
                .all().stream()
                        .map(r -> dynamicTest(
                                "broken: " + r.sentence(),
                                () -> assertThat(r.rule().evaluate(badHouse).hasViolation())
                                        .as("'%s' finds what is wrong in %s", r.sentence(), BAD_HOUSE)
                                        .isTrue()));
    }
}
