package kr.kisgateway.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import kr.kisgateway.cli.cycle.Back;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** The command line uses the libraries of customers, the terminal, and of the market's rules the nearest word. */
public class ArchitectureTest {
    private final JavaClasses main = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("kr.kisgateway.cli");
    private final JavaClasses libraries = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("kr.kisgateway.cli", "kr.kisgateway.gatewayclient", "kr.kisgateway.programs");
    private final JavaClasses tests = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("kr.kisgateway.cli");

    private final ArchRule the_command_line_uses_only_the_gateways_client_and_contract_the_terminal_and_the_market =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "kr.kisgateway.cli..",
                            "kr.kisgateway.gatewayclient..",
                            "kr.kisgateway.api..",
                            "kr.kisgateway.terminal..",
                            "kr.kisgateway.market..",
                            "picocli..",
                            "tools.jackson..",
                            "com.fasterxml.jackson.annotation..",
                            "java..",
                            "javax.net.ssl..",
                            "org.jspecify..");

    private final ArchRule clock_and_randomness_come_from_main = noClasses()
            .that(DescribedPredicate.not(simpleName("Main")))
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .callMethod(java.util.concurrent.locks.LockSupport.class, "parkNanos", long.class);

    private final ArchRule no_static_state_is_mutable =
            fields().that().areStatic().should().beFinal();

    private final ArchRule the_packages_are_free_of_cycles =
            slices().matching("kr.kisgateway.(**)").should().beFreeOfCycles();

    @Test
    @Requirement(value = "A-02", clause = "arrows")
    void the_command_line_respects_its_dependencies() {
        the_command_line_uses_only_the_gateways_client_and_contract_the_terminal_and_the_market.check(main);
        clock_and_randomness_come_from_main.check(main);
        no_static_state_is_mutable.check(main);
        the_packages_are_free_of_cycles.check(libraries);
    }

    @Test
    void each_rule_fails_for_these_tests_which_start_a_gateway_and_wait_for_it() {
        assertThat(the_command_line_uses_only_the_gateways_client_and_contract_the_terminal_and_the_market
                        .evaluate(tests)
                        .hasViolation())
                .isTrue();
        assertThat(clock_and_randomness_come_from_main.evaluate(tests).hasViolation())
                .isTrue();
        assertThat(no_static_state_is_mutable.evaluate(tests).hasViolation()).isTrue();
        assertThat(new Back(this).there()).isSameAs(this);
        assertThat(the_packages_are_free_of_cycles.evaluate(tests).hasViolation())
                .isTrue();
    }

    /** The violation that the last rule must find. */
    static final class Careless {
        static int counter;

        private Careless() {}
    }
}
