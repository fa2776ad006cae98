package kr.kisgateway.gateway.lease;

import java.util.List;
import java.util.Optional;

/**
 * Who has a lease, and who could have it.
 *
 * @param holder who has it, or had it last; empty before the first
 */
public record LeaseView(Optional<LeaseHolder> holder, List<SeenNode> nodes) {}
