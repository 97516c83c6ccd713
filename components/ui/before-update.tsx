import { Component } from "react";

type Props = { call(): void };

/** Calls a function before each change of the page with which it is rendered anew: the page then is what the visitor sees. */
export class BeforeUpdate extends Component<Props> {
  override getSnapshotBeforeUpdate(): null {
    this.props.call();
    return null;
  }

  /** React asks for it beside the method above. */
  override componentDidUpdate(): void {}

  override render(): null {
    return null;
  }
}
