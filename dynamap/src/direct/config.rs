use aws_sdk_dynamodb::config::{Builder, Config};
use aws_types::SdkConfig;

/// The configuration of a client: the one that `aws_config` loads, the SDK's configuration of DynamoDB, or its builder. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no configuration of a client",
    label = "expected `&SdkConfig`, or a `Config` or `config::Builder` of `aws_sdk_dynamodb`"
)]
pub trait IntoConfig: sealed::Sealed {
    #[doc(hidden)]
    fn into_builder(self) -> Builder;
}

impl IntoConfig for Builder {
    fn into_builder(self) -> Builder {
        self
    }
}

impl IntoConfig for Config {
    fn into_builder(self) -> Builder {
        self.to_builder()
    }
}

impl IntoConfig for &Config {
    fn into_builder(self) -> Builder {
        self.to_builder()
    }
}

impl IntoConfig for SdkConfig {
    fn into_builder(self) -> Builder {
        Builder::from(&self)
    }
}

impl IntoConfig for &SdkConfig {
    fn into_builder(self) -> Builder {
        Builder::from(self)
    }
}

mod sealed {
    use super::{Builder, Config, SdkConfig};

    pub trait Sealed {}
    impl Sealed for Builder {}
    impl Sealed for Config {}
    impl Sealed for &Config {}
    impl Sealed for SdkConfig {}
    impl Sealed for &SdkConfig {}
}
