package kr.kisgateway.simulator.broker;

import java.util.List;
import kr.kisgateway.simulator.entity.Change;

/**
 * The outcome of one input.
 *
 * @param append records to commit
 * @param afterDurable effects to release, in order, only when the records are committed
 */
public record Step(List<Change> append, List<Effect> afterDurable) {}
