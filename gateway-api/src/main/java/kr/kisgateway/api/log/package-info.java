/** The log: its streams and their levels. */
@NullMarked
package kr.kisgateway.api.log;

import org.jspecify.annotations.NullMarked;
