/** Calls as values: what a client sends and how it reads the answer. */
@NullMarked
package kr.kisgateway.api.call;

import org.jspecify.annotations.NullMarked;
