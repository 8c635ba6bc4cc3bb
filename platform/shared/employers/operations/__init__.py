"""Operations of employers."""
