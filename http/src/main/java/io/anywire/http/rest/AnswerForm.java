package io.anywire.http.rest;

/** What an answer is written in: one message by a representation, or a stream of them. */
sealed interface AnswerForm permits Representations.Chosen, AnswerStream {}
