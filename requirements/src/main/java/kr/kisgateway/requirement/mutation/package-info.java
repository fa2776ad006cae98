/** What the tests of a core notice of small changes of its bytecode: scores, survivors, and why these may live. */
@NullMarked
package kr.kisgateway.requirement.mutation;

import org.jspecify.annotations.NullMarked;
