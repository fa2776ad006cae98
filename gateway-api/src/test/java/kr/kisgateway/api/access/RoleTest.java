package kr.kisgateway.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kr.kisgateway.api.schema.OneOf;
import org.junit.jupiter.api.Test;

class RoleTest {
    @Test
    void the_document_lists_every_role_in_its_order() {
        assertThat(List.of(Role.Name.class.getAnnotation(OneOf.class).value())).isEqualTo(Role.wireNames());
    }

    @Test
    void a_role_includes_those_before_it_and_no_later_one() {
        for (Role role : Role.values()) {
            for (Role other : Role.values()) {
                assertThat(role.covers(other)).as(role + " covers " + other).isEqualTo(role.compareTo(other) >= 0);
            }
        }
    }
}
