/** Text for people that fits the width of their terminal: {@link kr.kisgateway.terminal.Screen}. */
@NullMarked
package kr.kisgateway.terminal;

import org.jspecify.annotations.NullMarked;
