/**
 * The daily checklist of operations: figures of the day and of now, each with a limit. {@link
 * kr.kisgateway.gateway.checklist.DayFigures} counts what a day needs, the classes {@code …Checks} compare, and the composition root
 * decides from where each figure comes. A new item is a constant of {@link kr.kisgateway.gateway.checklist.CheckItem} and a check.
 */
@NullMarked
package kr.kisgateway.gateway.checklist;

import org.jspecify.annotations.NullMarked;
