/**
 * What the simulator's file stores: one record for each kind of entity, of all markets. A record is the complete state of one
 * entity, named by its kind and {@link kr.kisgateway.simulator.entity.Change#key}; a new kind needs no table.
 *
 * <p>The records know the values that they are made of and no rules: those are in {@code broker} and {@code us}.
 */
@NullMarked
package kr.kisgateway.simulator.entity;

import org.jspecify.annotations.NullMarked;
