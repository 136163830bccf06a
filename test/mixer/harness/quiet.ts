import { AV_LOG_FATAL } from 'node-av/constants';
import { Log } from 'node-av/lib';

// As in the mixer: what matters comes back as return values.
Log.setLevel(AV_LOG_FATAL);
