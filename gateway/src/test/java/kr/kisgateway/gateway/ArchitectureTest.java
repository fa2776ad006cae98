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
    private static final String BASE_PACKAGE = "kr.kisgateway";
    private static final String BAD_PACKAGE = "kr.kisgateway.gateway.badfixture";

    @TestFactory
    @Requirement(value = "A-02", clause = "arrows")
    Stream<DynamicTest> the_packages_keep_their_dependencies() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                // The suite of the protocol comes in a jar of tests.
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(BASE_PACKAGE);
        return new ArchitectureRules(BASE_PACKAGE)
                .all().stream()
                        .map(r -> dynamicTest(r.sentence(), () -> r.rule().check(classes)));
    }

    @TestFactory
    Stream<DynamicTest> each_rule_fails_for_packages_that_break_it() {
        JavaClasses badClasses = new ClassFileImporter().importPackages(BAD_PACKAGE);
        return new ArchitectureRules(BAD_PACKAGE)
                .all().stream()
                        .map(r -> dynamicTest(
                                "broken: " + r.sentence(),
                                () -> assertThat(r.rule().evaluate(badClasses).hasViolation())
                                        .as("'%s' finds the violation in %s", r.sentence(), BAD_PACKAGE)
                                        .isTrue()));
    }
}
