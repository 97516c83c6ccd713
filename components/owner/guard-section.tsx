import { TextTrial } from "./text-trial";
import { WordForm } from "./word-form";

/** The owner's word list, and a text to try it on. */
export function GuardSection() {
  return (
    <>
      <WordForm />
      <TextTrial />
    </>
  );
}
