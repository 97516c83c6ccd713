import { Component, type ReactNode } from "react";

type Props = { children: ReactNode; fallback: ReactNode };

/** What fails inside goes, and the rest of the page lives; the fallback stands in its place. */
export class ErrorBoundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError = () => ({ hasFailed: true });

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
