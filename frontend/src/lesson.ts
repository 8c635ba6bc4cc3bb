/** A lesson's page: the element that reports learning. Its styles are in the platform's style sheet. */
import "./elements/lesson/lesson";
