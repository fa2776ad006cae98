/**
 * The simulator as a JUnit extension: a KIS of its own for each test or each class. The rest of the simulator does not depend on
 * this package, and without JUnit on the class path nothing loads it.
 */
@NullMarked
package kr.kisgateway.simulator.junit;

import org.jspecify.annotations.NullMarked;
