package kr.kisgateway.simulation;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import kr.kisgateway.simulation.cycle.Back;
import org.junit.jupiter.api.Test;

public class ArchitectureTest {
    private final ArchRule the_packages_are_free_of_cycles =
            slices().matching("kr.kisgateway.(**)").should().beFreeOfCycles();

    @Test
    void the_packages_use_each_other_in_one_direction() {
        the_packages_are_free_of_cycles.check(classes(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS));
    }

    @Test
    void the_rule_fails_for_this_class_and_one_that_uses_it() {
        assertThat(new Back(this).there()).isSameAs(this);
        assertThat(the_packages_are_free_of_cycles
                        .evaluate(classes(ImportOption.Predefined.ONLY_INCLUDE_TESTS))
                        .hasViolation())
                .isTrue();
    }

    private static JavaClasses classes(ImportOption option) {
        return new ClassFileImporter().withImportOption(option).importPackages("kr.kisgateway.simulation");
    }
}
